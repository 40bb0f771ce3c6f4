"""The screens, each a module; `tui.entries` lists them."""
