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

JUMP = """\
version: "1.0"
template: jump-sfx
parameters:
  - name: jump_type
    type: enum
    values: [dust-cloud, energy-burst, mega-explosion]
  - name: variant
    type: string
    description: "Descriptive variation (e.g., 'light', 'heavy', 'crisp')"

generation:
  type: audio
  provider: elevenlabs
  fallback: bark

prompt:
  base: |
    Platformer game jump sound effect, {{jump_type}} style,
    {{variant}} variation, 0.3-0.5 seconds duration,
    suitable for player feedback

  templates:
    dust-cloud: "soft landing whoosh, dust cloud impact, light and airy"
    energy-burst: "electric energy burst, powerful whoosh, crisp attack"
    mega-explosion: "mega explosion boom, bass-heavy, dramatic cinematic impact"

post_processing:
  - action: normalize
    peak: -1.0 dB
  - action: trim_silence
    threshold: -40 dB
  - action: validate
    checks:
      - duration_range: [0.2, 0.6]
      - format: mp3
      - bitrate: 192k

integration:
  manifest_section: audio.sfx.jump
  naming_pattern: "sfxJump{{type_number}}{{variant_letter}}.mp3"
"""
