"""Questions of the bicycle shop and what a person would count as the right rows. Written before the reader was tried."""

TODAY = "2024-12-31"

SALES = "select sum(l.amount) from order_lines l join orders o using (order_id)"

QUESTIONS: list[tuple[str, str]] = [
    # totals, counts, averages
    ("How many orders do we have?", "select count(*) from orders"),
    ("number of customers", "select count(*) from customers"),
    ("what is the total amount?", "select sum(amount) from order_lines"),
    ("What's the average list price of our products?", "select avg(list_price) from products"),
    ("median list price", "select median(list_price) from products"),
    ("what is the highest list price", "select max(list_price) from products"),
    ("how many different brands are there?", "select count(distinct brand) from products"),
    ("how many distinct customers placed an order?", "select count(distinct customer_id) from orders"),
    # grouped
    ("number of orders by channel", "select channel, count(*) from orders group by 1"),
    ("total amount by category and brand", "select category, brand, sum(amount) from order_lines join products using(product_id) group by 1, 2"),
    ("average discount per category", "select category, avg(discount) from order_lines join products using(product_id) group by 1"),
    ("How many customers are there in each segment?", "select segment, count(*) from customers group by 1"),
    ("total quantity for each store", "select s.name, sum(quantity) from order_lines join orders using(order_id) join stores s using(store_id) group by 1"),
    # time
    ("orders by month in 2024", "select date_trunc('month', ordered_at), count(*) from orders where year(ordered_at)=2024 group by 1"),
    ("total amount per quarter", "select date_trunc('quarter', ordered_at), sum(amount) from order_lines join orders using(order_id) group by 1"),
    ("How many orders were placed in March 2024?", "select count(*) from orders where ordered_at >= '2024-03-01' and ordered_at < '2024-04-01'"),
    ("monthly number of cancelled orders", "select date_trunc('month', ordered_at), count(*) from orders where status='cancelled' group by 1"),
    ("number of orders by day of week", "select isodow(ordered_at), count(*) from orders group by 1"),
    ("how many customers signed up in 2023?", "select count(*) from customers where year(signed_up)=2023"),
    # top and bottom
    ("top 5 customers by total amount", "select c.name, sum(amount) s from order_lines join orders using(order_id) join customers c using(customer_id) group by c.customer_id, c.name order by s desc limit 5"),
    ("which store had the most orders?", "select s.name, count(*) n from orders join stores s using(store_id) group by 1 order by n desc limit 1"),
    ("Which category has the lowest total quantity?", "select category, sum(quantity) q from order_lines join products using(product_id) group by 1 order by q limit 1"),
    ("the 3 most expensive products", "select name, list_price from products order by list_price desc limit 3"),
    ("top 2 products in each category by quantity", "select category, name, q from (select category, p.name, sum(quantity) q, row_number() over (partition by category order by sum(quantity) desc) r from order_lines join products p using(product_id) group by 1, 2) where r <= 2"),
    ("what was our best month?", "select date_trunc('month', ordered_at) m, sum(amount) s from order_lines join orders using(order_id) group by 1 order by s desc limit 1"),
    # filters
    ("how many online orders", "select count(*) from orders where channel='online'"),
    ("total amount of Helmets in Chicago stores", "select sum(amount) from order_lines join orders using(order_id) join stores s using(store_id) join products p using(product_id) where s.city='Chicago' and p.category='Helmets'"),
    ("number of orders that were not completed", "select count(*) from orders where status<>'completed'"),
    ("how many products cost more than 100", "select count(*) from products where list_price > 100"),
    ("products with a list price between 50 and 100", "select name from products where list_price between 50 and 100"),
    ("total amount for Velo and Zephyr", "select sum(amount) from order_lines join products using(product_id) where brand in ('Velo','Zephyr')"),
    ("total amount of helmts", "select sum(amount) from order_lines join products using(product_id) where category='Helmets'"),
    ("orders in California", "select count(*) from orders join stores using(store_id) where state='CA'"),
    # having, above average, existence, absence
    ("customers with more than 20 orders", "select c.name, count(*) from orders join customers c using(customer_id) group by c.customer_id, c.name having count(*) > 20"),
    ("how many customers have more than 20 orders", "select count(*) from (select customer_id from orders group by 1 having count(*) > 20)"),
    ("which products have a list price above average", "select name from products where list_price > (select avg(list_price) from products)"),
    ("stores with above average total amount", "select name from (select s.name, sum(amount) a from order_lines join orders using(order_id) join stores s using(store_id) group by 1) where a > (select avg(a) from (select sum(amount) a from order_lines join orders using(order_id) group by store_id))"),
    ("customers who never ordered", "select name from customers where customer_id not in (select customer_id from orders)"),
    ("how many customers have no orders", "select count(*) from customers where customer_id not in (select customer_id from orders)"),
    ("how many customers bought helmets?", "select count(distinct customer_id) from orders join order_lines using(order_id) join products using(product_id) where category='Helmets'"),
    ("customers who never bought clothing", "select name from customers where customer_id not in (select customer_id from orders join order_lines using(order_id) join products using(product_id) where category='Clothing')"),
    ("which products were never sold?", "select name from products where product_id not in (select product_id from order_lines)"),
    # comparison, share, growth, running, ratio
    ("compare total amount in 2023 and 2024", "select sum(amount) filter (year(ordered_at)=2024), sum(amount) filter (year(ordered_at)=2023) from order_lines join orders using(order_id)"),
    ("total amount of bikes vs helmets", "select category, sum(amount) from order_lines join products using(product_id) where category in ('Bikes','Helmets') group by 1"),
    ("share of total amount by category", "select category, 100*sum(amount)/(select sum(amount) from order_lines) from order_lines join products using(product_id) group by 1"),
    ("what percentage of orders were online?", "select 100.0*count(*) filter (channel='online')/count(*) from orders"),
    ("what percentage of customers are Racers", "select 100.0*count(*) filter (segment='Racer')/count(*) from customers"),
    ("running total of amount by month in 2024", "select m, sum(s) over (order by m) from (select date_trunc('month', ordered_at) m, sum(amount) s from order_lines join orders using(order_id) where year(ordered_at)=2024 group by 1)"),
    ("month over month growth of total amount in 2024", "select m, s from (select date_trunc('month', ordered_at) m, sum(amount) s from order_lines join orders using(order_id) where year(ordered_at)=2024 group by 1)"),
    ("average number of orders per customer", "select count(*)::double/count(distinct customer_id) from orders"),
    ("average monthly total amount", "select sum(amount)/count(distinct date_trunc('month', ordered_at)) from order_lines join orders using(order_id)"),
    ("ratio of total discount to total amount", "select sum(discount)/sum(amount) from order_lines"),
    # records and look-ups
    ("list all stores in California", "select name from stores where state='CA'"),
    ("what is the email of Ada Archer?", "select email from customers where name='Ada Archer'"),
    ("show me the latest 5 orders", "select order_id from orders order by ordered_at desc limit 5"),
    ("names and cities of customers in the Family segment", "select name, city from customers where segment='Family'"),
    ("which category is the U-Lock in?", "select category from products where name='U-Lock'"),
    ("list the brands", "select distinct brand from products"),
    ("when did Ada Archer sign up?", "select signed_up from customers where name='Ada Archer'"),
    ("Return the customer name, number of orders and total amount for customers in the Racer segment", "select c.name, count(distinct order_id), sum(amount) from customers c join orders using(customer_id) join order_lines using(order_id) where segment='Racer' group by c.customer_id, c.name"),
    # said in other words
    ("total amount by weekday and channel", "select isodow(ordered_at), channel, sum(amount) from order_lines join orders using (order_id) group by 1, 2"),
    ("total amount in the last 7 days vs the 7 days before", "select sum(amount) filter (ordered_at >= '2024-12-25'), sum(amount) filter (ordered_at < '2024-12-25' and ordered_at >= '2024-12-18') from order_lines join orders using (order_id)"),
    ("how does weekend compare to weekday in number of orders", "select if(isodow(ordered_at) > 5, 'weekend', 'weekday'), count(*) from orders group by 1"),
    ("did the number of orders go up or down in June 2024?", "select count(*) filter (month(ordered_at) = 6), count(*) filter (month(ordered_at) = 5) from orders where year(ordered_at) = 2024"),
    ("which store had the highest growth in total amount from November 2024 to December 2024", "select name, sum(amount) filter (ordered_at >= '2024-12-01') as now, sum(amount) filter (ordered_at < '2024-12-01' and ordered_at >= '2024-11-01') as was from order_lines join orders using (order_id) join stores using (store_id) group by store_id, 1 order by now / was desc limit 1"),
    ("number of customers who ordered only once", "select count(*) from (select customer_id from orders group by 1 having count(*) = 1)"),
    ("what do racers buy most", "select p.name from order_lines join orders using (order_id) join customers c using (customer_id) join products p using (product_id) where segment = 'Racer' group by product_id, p.name order by sum(amount) desc limit 1"),
    ("what percentage of orders were from the Sunset store by month in 2024", "select date_trunc('month', ordered_at), 100.0 * count(*) filter (store_id = 4) / count(*) from orders where year(ordered_at) = 2024 group by 1"),
    ("Velo share of total amount by store", "select s.name, 100.0 * sum(amount) filter (brand = 'Velo') / sum(amount) from order_lines join orders using (order_id) join stores s using (store_id) join products using (product_id) group by 1"),
    ("Velo share by store", "select s.name, 100.0 * sum(amount) filter (brand = 'Velo') / sum(amount) from order_lines join orders using (order_id) join stores s using (store_id) join products using (product_id) group by 1"),
    ("which store sells the most helmets", "select s.name from order_lines join orders using (order_id) join stores s using (store_id) join products using (product_id) where category = 'Helmets' group by store_id, 1 order by sum(quantity) desc limit 1"),
    ("what time of day do people spend most", "select hour(ordered_at) from order_lines join orders using (order_id) group by 1 order by sum(amount) desc limit 1"),
    ("who are our best customers by total amount", "select name from order_lines join orders using (order_id) join customers using (customer_id) group by customer_id, 1 order by sum(amount) desc limit 10"),
]  # fmt: skip

UNANSWERABLE = [
    "what is the weather tomorrow?",
    "how much do our employees earn?",
    "what is our profit margin by store?",
    "who won the world cup?",
    "which suppliers deliver late?",
    "show me website visits by country",
    "asdf qwerty zxcv",
    "delete all orders",
    "what is the warranty period of the Gravel King?",
]
