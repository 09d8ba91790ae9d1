"""The public JSON documents as types, one module each. `docs/schema/` is generated from them."""
