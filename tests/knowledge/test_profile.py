"""What the profiler makes of three made-up businesses' databases, as ugly as real ones (see profile_worlds)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from profile_worlds import CLINIC, DEALER, POS, make

from knowledge.model import SemanticModel
from knowledge.profile import load_or_profile, profile_database


@pytest.fixture(scope="module")
def dealer(tmp_path_factory: pytest.TempPathFactory) -> SemanticModel:
    return profile_database(make(tmp_path_factory.mktemp("d") / "dealership.duckdb", DEALER), name="dealer")


@pytest.fixture(scope="module")
def restaurant(tmp_path_factory: pytest.TempPathFactory) -> SemanticModel:
    return profile_database(make(tmp_path_factory.mktemp("r") / "restaurant.duckdb", POS), name="restaurant")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> SemanticModel:
    return profile_database(make(tmp_path_factory.mktemp("c") / "hospital.duckdb", CLINIC), name="clinic")


def joins(model: SemanticModel) -> dict[str, str]:
    return {f"{r.many}.{','.join(r.many_fields)}": f"{r.one}.{','.join(r.one_fields)}" for r in model.relationships}


def test_tables_and_columns_go_by_words(dealer: SemanticModel, clinic: SemanticModel) -> None:
    labels = {d.name: d.label for d in (*dealer.datasets, *clinic.datasets)}
    assert labels["tblCust"] == "customer"
    assert labels["tblSlsPrsn"] == "salesperson"
    assert labels["tblSvcAppt"] == "service appointment"
    assert labels["PtMaster"] == "patient"
    assert labels["EncDx"] == "encounter diagnosis"
    assert labels["DxRef"] == "diagnosis"
    assert dealer.dataset("tblVeh").field("mdl_yr").label == "model year"
    assert dealer.dataset("tblSvcAppt").synonyms == ("appointment", "appt")
    # The columns of PtMaster all start with Pt: what they say is the rest.
    assert clinic.dataset("PtMaster").field("PtDOB").label == "date of birth"
    assert "birthday" in clinic.dataset("PtMaster").field("PtDOB").synonyms


def test_undeclared_keys_are_found(dealer: SemanticModel, restaurant: SemanticModel, clinic: SemanticModel) -> None:
    keys = {d.name: d.primary_key for m in (dealer, restaurant, clinic) for d in m.datasets}
    assert keys["tblDlr"] == ("dlrid",)
    assert keys["tblVeh"] == ("vin",)
    assert keys["PtMaster"] == ("PtMRN",)
    assert keys["mnu_ctg"] == ("ctg_cd",)
    # A line is told apart by its number within the check, a count of stock by item and day.
    assert keys["chk_ln"] == ("chk_no", "ln_no")
    assert set(keys["inv_snp"]) == {"itm_cd", "snp_dt"}
    # A bridge table by both of the things that it joins, though one of them happens to be unique.
    assert set(keys["tblSvcTech"]) == {"appt_id", "slsprsn_id"}


def test_undeclared_joins_are_found_and_no_others(
    dealer: SemanticModel, restaurant: SemanticModel, clinic: SemanticModel
) -> None:
    assert joins(dealer) == {
        "tblSls.vin": "tblVeh.vin",
        "tblSls.cust_no": "tblCust.cust_no",
        "tblSls.slsprsn_id": "tblSlsPrsn.slsprsn_id",
        "tblSlsPrsn.dlrid": "tblDlr.dlrid",
        "tblSlsPrsn.mgr_id": "tblSlsPrsn.slsprsn_id",
        "tblSvcAppt.vin": "tblVeh.vin",
        "tblSvcTech.appt_id": "tblSvcAppt.appt_id",
        "tblSvcTech.slsprsn_id": "tblSlsPrsn.slsprsn_id",
        "tblVeh.dlrid": "tblDlr.dlrid",
    }
    assert joins(restaurant) == {
        "chk.svr_id": "svr.svr_id",
        "chk_ln.chk_no": "chk.chk_no",
        "chk_ln.itm_cd": "mnu_itm.itm_cd",
        "inv_snp.itm_cd": "mnu_itm.itm_cd",
        "mnu_itm.ctg_cd": "mnu_ctg.ctg_cd",
    }
    assert joins(clinic) == {
        "Enc.PtMRN": "PtMaster.PtMRN",
        "Enc.AttendingProvID": "Prov.ProvID",
        "Enc.ReferringProvID": "Prov.ProvID",
        "EncDx.EncID": "Enc.EncID",
        "EncDx.DxCd": "DxRef.DxCd",
        "Inpatient.EncID": "Enc.EncID",
        "Prov.DeptNo": "Dept.DeptNo",
    }


def test_joins_are_named_by_their_role(dealer: SemanticModel, clinic: SemanticModel) -> None:
    roles = {r.name: r for r in (*dealer.relationships, *clinic.relationships)}
    assert roles["manager"].one == roles["manager"].many == "tblSlsPrsn"
    assert "reports to" in roles["manager"].synonyms
    assert roles["attending_provider"].many_fields == ("AttendingProvID",)
    assert roles["referring_provider"].many_fields == ("ReferringProvID",)
    assert "bought" in roles["customer"].synonyms
    assert len(roles) == len(dealer.relationships) + len(clinic.relationships)


def test_a_special_kind_shares_the_key_of_the_general(clinic: SemanticModel) -> None:
    kinds = {(r.many, r.one): r.one_to_one for r in clinic.relationships}
    assert kinds["Inpatient", "Enc"]
    assert not kinds["EncDx", "Enc"]


def test_types_in_text_and_in_whole_numbers(dealer: SemanticModel, restaurant: SemanticModel) -> None:
    sale, vehicle = dealer.dataset("tblSls"), dealer.dataset("tblVeh")
    assert (sale.field("sls_dt").type, sale.field("sls_dt").minimum) == ("date", "2023-01-04")
    assert (sale.field("crtd_ts").type, sale.field("crtd_ts").unit) == ("timestamp", "epoch_seconds")
    assert (vehicle.field("lst_prc").type, vehicle.field("lst_prc").unit) == ("number", "USD")
    assert vehicle.field("lst_prc").maximum == 30000
    assert vehicle.field("is_usd_flg").role == "flag"
    # Digits that only look like a number.
    assert dealer.dataset("tblCust").field("zipcd").type == "text"
    check = restaurant.dataset("chk")
    assert (check.field("opn_ts_ms").label, check.field("opn_ts_ms").type) == ("open time", "timestamp")
    price = restaurant.dataset("mnu_itm").field("prc_cents")
    assert (price.label, price.minimum, price.maximum) == ("price", 4.75, 14.5)


def test_what_is_inside_json_becomes_fields(restaurant: SemanticModel) -> None:
    check = restaurant.dataset("chk")
    assert check.field("meta_channel").label == "channel"
    assert set(check.field("meta_channel").samples) == {"web", "walkin"}
    assert (check.field("meta_party_size").type, check.field("meta_party_size").maximum) == ("integer", 6)


def test_what_adds_up_and_what_does_not(dealer: SemanticModel, restaurant: SemanticModel) -> None:
    adds = {f"{d.name}.{f.name}": f.additivity for m in (dealer, restaurant) for d in m.datasets for f in d.fields}
    assert adds["tblSls.sls_amt"] == adds["chk.tip_amt"] == adds["chk_ln.qty_ord"] == "additive"
    assert adds["tblSvcAppt.dur_min"] == adds["chk.cvrs"] == adds["chk_ln.ext_prc_cents"] == "additive"
    assert adds["inv_snp.oh_qty"] == "semi_additive"
    for name in ("tblVeh.mdl_yr", "tblVeh.odo_mi", "tblSls.tax_rt", "tblVeh.lst_prc", "chk.tbl_no", "chk_ln.dsc_pct"):
        assert adds[name] == "non_additive", name


def test_when_a_row_happened(dealer: SemanticModel, restaurant: SemanticModel, clinic: SemanticModel) -> None:
    times = {d.name: d.default_time for m in (dealer, restaurant, clinic) for d in m.datasets}
    assert times["tblSls"] == "sls_dt"  # not when the row was created
    assert times["tblCust"] is None  # a birth is not when a customer happened
    assert times["chk"] == "opn_ts_ms"
    assert times["Enc"] == "AdmitDtTm"
    assert times["inv_snp"] == "snp_dt"


def test_what_names_a_row(dealer: SemanticModel, restaurant: SemanticModel, clinic: SemanticModel) -> None:
    names = {d.name: d.name_field for m in (dealer, restaurant, clinic) for d in m.datasets}
    assert names["tblCust"] == "full_name"
    assert names["Prov"] == "ProvNm"
    assert names["mnu_ctg"] == "ctg_desc"
    assert names["chk_ln"] is None
    assert dealer.dataset("tblCust").field("full_name").sql == 'concat_ws(\' \', "fname", "lname")'


def test_standard_metrics(dealer: SemanticModel) -> None:
    metrics = {m.name: m for m in dealer.metrics}
    assert metrics["tblsls_count"].label == "number of sales"
    assert metrics["total_sls_amt"].sql == "SUM(tblSls.sls_amt)"
    assert (metrics["total_sls_amt"].label, metrics["total_sls_amt"].format) == ("total sales amount", "currency")
    assert not any("odo" in name or "yr" in name for name in metrics)


def test_every_field_can_be_read(tmp_path: Path) -> None:
    for n, world in enumerate((DEALER, POS, CLINIC)):
        path = make(tmp_path / f"world{n}.duckdb", world)
        model = profile_database(path, name="world")
        con = duckdb.connect(str(path), read_only=True)
        for dataset in model.datasets:
            fields = ", ".join(field.sql for field in dataset.fields)
            assert len(con.execute(f"SELECT {fields} FROM {dataset.source}").fetchall()) == dataset.row_count
        con.close()


def test_the_profile_is_kept_with_the_state_and_follows_the_file(tmp_path: Path) -> None:
    path, state = make(tmp_path / "data" / "shop.duckdb", "CREATE TABLE a (id INTEGER)"), tmp_path / "state"
    first = load_or_profile(path, state, "shop")
    assert load_or_profile(path, state, "shop") == first
    assert [p.name for p in path.parent.iterdir()] == ["shop.duckdb"]
    (kept,) = (state / "profiles").iterdir()
    kept.write_text("{broken")
    assert load_or_profile(path, state, "shop") == first
    make(path, "CREATE TABLE b (id INTEGER)")
    assert [d.name for d in load_or_profile(path, state, "shop").datasets] == ["a", "b"]


def test_only_the_tables_that_are_named(tmp_path: Path) -> None:
    path = make(tmp_path / "x.duckdb", "CREATE TABLE a (id INTEGER); CREATE TABLE b (id INTEGER)")
    assert [d.name for d in profile_database(path, name="x", tables=["b"]).datasets] == ["b"]
