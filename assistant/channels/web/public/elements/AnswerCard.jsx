// An answer below its sentence: chart, table, caveats, choices, how it was read, SQL, follow-up questions.
// Everything it shows is in `props` (assistant/channels/web/card.py), so that it comes back whole when a conversation is
// resumed. Its logic that is not about rendering is in /public/parley.js.
import { useEffect, useMemo, useRef, useState } from "react";
import { ArrowDown, ArrowUp, Check, ChevronLeft, ChevronRight, Copy, Download, TriangleAlert } from "lucide-react";

const PAGE = 25;

function Chart({ spec, title }) {
  const node = useRef(null);
  const view = useRef(null);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    let gone = false;
    const draw = () =>
      window.Parley.chart(node.current, spec).then(
        (drawn) => (gone ? drawn.finalize() : (view.current = drawn)),
        (error) => gone || setFailed(String(error.message || error))
      );
    draw();
    const stop = window.Parley.onTheme(() => (view.current?.finalize(), draw()));
    return () => ((gone = true), stop(), view.current?.finalize());
  }, []);
  if (failed) return <p className="pa-note">The chart could not be drawn: {failed}</p>;
  return (
    <figure className="pa-chart" aria-label={title}>
      <div className="pa-canvas" ref={node} style={{ minHeight: Math.min(spec.height || 300, 192) }} />
      <figcaption className="pa-tools">
        {["png", "svg"].map((kind) => (
          <button key={kind} type="button" className="pa-tool" onClick={() => window.Parley.saveChart(view.current, kind, title)}>
            <Download size={13} /> {kind.toUpperCase()}
          </button>
        ))}
      </figcaption>
    </figure>
  );
}

function Record({ table }) {
  return (
    <table>
      <tbody>
        {table.columns.map((column, i) => (
          <tr key={i}>
            <th scope="row">{column.label}</th>
            <td className={column.number ? "pa-num" : ""}>{table.cells[0][i]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Table({ table, downloads }) {
  const [sort, setSort] = useState(null);
  const [page, setPage] = useState(0);
  const rows = useMemo(() => window.Parley.sorted(table, sort, props.locale), [sort]);
  const pages = Math.ceil(rows.length / PAGE);
  const press = (column) => {
    setSort((now) => (now?.column === column ? { column, down: !now.down } : { column, down: table.columns[column].number }));
    setPage(0);
  };
  const ordered = (i) => (sort?.column === i ? (sort.down ? "descending" : "ascending") : "none");
  const said = (count) => count.toLocaleString(props.locale);
  const single = table.total === 1 && table.columns.length > 2; // side by side they would not fit a phone
  const kept = table.cells.length < table.total ? `first ${said(table.cells.length)} of ` : "";
  return (
    <div className="pa-table">
      <div className="pa-scroll" tabIndex={0} role="region" aria-label="Table, scrolls sideways">
        {single ? <Record table={table} /> : (
        <table>
          <thead>
            <tr>
              {table.columns.map((column, i) => (
                <th key={i} className={column.number ? "pa-num" : ""} aria-sort={ordered(i)}>
                  <button type="button" onClick={() => press(i)}>
                    <span>{column.label}</span>
                    {sort?.column === i ? sort.down ? <ArrowDown size={12} /> : <ArrowUp size={12} /> : null}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(page * PAGE, (page + 1) * PAGE).map((row) => (
              <tr key={row}>
                {table.cells[row].map((cell, i) => (
                  <td key={i} className={table.columns[i].number ? "pa-num" : ""}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        )}
      </div>
      <div className="pa-bar">
        <span>
          {kept}{said(table.total)}{table.more ? "+" : ""} {table.total === 1 ? "row" : "rows"}
        </span>
        {pages > 1 && (
          <span className="pa-pager">
            <button type="button" className="pa-tool" aria-label="Previous page" disabled={page === 0} onClick={() => setPage(page - 1)}>
              <ChevronLeft size={14} />
            </button>
            {page + 1} / {pages}
            <button type="button" className="pa-tool" aria-label="Next page" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
              <ChevronRight size={14} />
            </button>
          </span>
        )}
        {downloads && (
          <span className="pa-downloads">
            <a className="pa-tool" href={downloads.csv} download><Download size={13} /> CSV</a>
            <a className="pa-tool" href={downloads.xlsx} download><Download size={13} /> Excel</a>
          </span>
        )}
      </div>
    </div>
  );
}

function Sql({ sql }) {
  const [copied, setCopied] = useState(false);
  const copy = () => window.Parley.copy(sql).then(() => (setCopied(true), setTimeout(() => setCopied(false), 1500)));
  return (
    <details className="pa-sql">
      <summary>SQL</summary>
      <div className="pa-code">
        <button type="button" className="pa-tool" onClick={copy} aria-label="Copy the SQL">
          {copied ? <Check size={13} /> : <Copy size={13} />} {copied ? "Copied" : "Copy"}
        </button>
        <pre tabIndex={0}><code>{sql}</code></pre>
      </div>
    </details>
  );
}

function Questions({ label, questions, className }) {
  if (!questions?.length) return null;
  return (
    <div className={"pa-questions " + className} role="group" aria-label={label}>
      {questions.map(({ label: text, question }, i) => (
        <button key={i} type="button" title={text === question ? undefined : question} onClick={() => window.Parley.cards[props.id].ask(question)}>
          {text}
        </button>
      ))}
    </div>
  );
}

function AnswerCard() {
  const { outcome, reading, caveats, choices, followUps, chart, table, downloads, sql, method, facts, thread } = props;
  useEffect(() => window.Parley.stayAt(thread), []);
  return (
    <section className="pa" data-outcome={outcome}>
      <Questions label="Which do you mean?" questions={choices} className="pa-choices" />
      {chart && <Chart spec={chart} title={reading || "Chart"} />}
      {table && <Table table={table} downloads={downloads} />}
      {caveats?.length > 0 && (
        <ul className="pa-caveats">
          {caveats.map((text, i) => <li key={i}><TriangleAlert size={14} /> <span>{text}</span></li>)}
        </ul>
      )}
      {method && <p className="pa-note">{method}</p>}
      {(reading || facts?.length > 0) && (
        <div className="pa-facts">
          {reading && <p>Read as: {reading}</p>}
          {facts?.length > 0 && <p>{facts.join(" · ")}</p>}
        </div>
      )}
      {sql && <Sql sql={sql} />}
      <Questions
        label="Ask next"
        questions={(followUps || []).map((question) => ({ label: question, question }))}
        className="pa-next"
      />
    </section>
  );
}

// Chainlit runs this file again for every card whenever anything is said. A new function would be a new component: the card
// would be made anew, its chart drawn again, its sorting and its open SQL lost. So each card keeps its first one, and only
// learns how to ask now.
const card = (window.Parley.cards[props.id] ??= { component: AnswerCard });
card.ask = sendUserMessage;

export default card.component;
