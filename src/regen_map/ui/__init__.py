"""What pages are made of: the map, the explorer, details. Only this knows Streamlit."""
