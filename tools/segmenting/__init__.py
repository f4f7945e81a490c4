"""What kinds of customers (patients, vehicles, accounts …) there are, who comes back, and what they will be worth."""
