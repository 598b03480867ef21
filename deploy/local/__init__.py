"""Everything on one machine without Docker or Java: embedded servers and all four services behind one port."""
