"""How well what is unusual is found: in business series with planted anomalies."""
