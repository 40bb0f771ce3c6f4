"""Specs as the project's first documents write them."""

COIN = """\
version: "1.0"
id: sprite-coin
generation:
  type: image
  provider: dalle-3
prompt:
  base: "Glowing coin with buff arm emblem, neon rim light, high readability..."
  style: "bold outline, centered object, transparent background, flat stylized 2D sprite"
integration:
  manifest_key: coin
  manifest_path: images/collectibles/coin.png
"""
