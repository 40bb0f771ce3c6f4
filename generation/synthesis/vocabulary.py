"""Which words mean which sound, and how they change it. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Preset:
    """A sound: the words for it, its usual length in seconds, and whether it goes on for as long as it is asked to."""

    words: str
    seconds: float
    goes_on: bool = False


PRESETS: Final[Mapping[str, Preset]] = {
    # of games and screens
    "jump": Preset("jump jumps jumping leap leaps hop hops", 0.4),
    "land": Preset("land lands landing thud thump touchdown", 0.35),
    "coin": Preset("coin coins pickup collect collectible gem gems treasure loot ka-ching", 0.6),
    "powerup": Preset("powerup power-up upgrade levelup level-up bonus success win victory fanfare reward", 0.9),
    "lose": Preset("lose loses lost fail failure gameover game-over death dies defeat wrong error", 1.1),
    "laser": Preset("laser lasers blaster phaser pew ray beam", 0.4),
    "zap": Preset("zap zaps electric electrical electricity energy spark sparks sparking shock plasma", 0.5),
    "magic": Preset("magic magical spell spells sparkle twinkle fairy enchant enchanted heal chime chimes", 1.4),
    "blip": Preset("blip beep bleep ui menu select selection notification confirm", 0.16),
    "click": Preset("click clicks button buttons switch tick tap taps key keys keyboard toggle", 0.12),
    "alarm": Preset("alarm alarms siren sirens alert warning klaxon", 2.0, goes_on=True),
    "bounce": Preset("bounce bounces bouncing boing spring springs springy rubber trampoline", 0.5),
    # of things
    "explosion": Preset("explosion explosions explode explodes exploding blast boom bomb bombs grenade", 1.4),
    "thunder": Preset("thunder thunders thunderclap thunderstorm lightning", 3.5),
    "hit": Preset("hit hits punch punches impact impacts blow slam slams smack kick kicks hurt damage body-fall", 0.3),
    "metal": Preset("sword swords blade blades clang clank metal metallic steel iron armor armour shield anvil", 0.9),
    "bell": Preset("bell bells gong ding doorbell church", 2.2),
    "glass": Preset("glass shatter shatters shattering bottle bottles window crystal ice", 0.9),
    "footstep": Preset("footstep footsteps step steps walk walks walking run runs running gravel", 1.0, goes_on=True),
    "whoosh": Preset("whoosh whooshes swoosh swish swing swings dash dashes throw throws pass flyby arrow", 0.5),
    "dust": Preset("dust dusty cloud clouds puff puffs poof smoke sand", 0.5),
    "splash": Preset("splash splashes splashing dive dives puddle plop", 0.8),
    "door": Preset("door doors gate gates creak creaks creaking hinge hinges drawer chest", 1.6),
    "knock": Preset("knock knocks knocking", 0.8),
    "gunshot": Preset("gun guns gunshot gunshots shot shots shoot shoots pistol rifle shotgun cannon", 0.8),
    "roar": Preset("roar roars roaring growl growls monster monsters beast dragon snarl", 1.5),
    # of places
    "rain": Preset("rain raining rainy drizzle downpour", 6.0, goes_on=True),
    "wind": Preset("wind winds windy breeze gust gusts storm blizzard", 6.0, goes_on=True),
    "fire": Preset("fire fires campfire flame flames burning torch fireplace crackling", 5.0, goes_on=True),
    "water": Preset("water stream river brook creek bubbling waterfall fountain", 5.0, goes_on=True),
    "engine": Preset("engine engines motor motors car cars truck vehicle motorcycle drone", 4.0, goes_on=True),
    "machine": Preset("machine machines hum humming spaceship reactor server factory ambience", 5.0, goes_on=True),
    "heartbeat": Preset("heartbeat heartbeats heart pulse", 4.0, goes_on=True),
    "crowd": Preset("crowd crowds tavern market people chatter audience babble", 5.0, goes_on=True),
    "night": Preset("night nights cricket crickets forest insects cicada cicadas swamp", 5.0, goes_on=True),
}  # fmt: skip
"""Preset → its words. The first in a prompt says what it is; the next two are laid under it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a word does to a sound. `pitch` multiplies; the others are added.

    `bright`: decibels for each octave; `drive`: how far it is pushed; `soft`: seconds until it is there; `snap`: a tick
    at its begin, 0-1; `room`: how much of one, 0-1; `sub`: a tone below, 0-1; `air`: a breath above, 0-1; `crush`: as
    old machines sound, 0-1; `lowpass`: hertz above which nothing is left.
    """

    words: str
    pitch: float = 1.0
    bright: float = 0.0
    drive: float = 0.0
    soft: float = 0.0
    snap: float = 0.0
    room: float = 0.0
    sub: float = 0.0
    air: float = 0.0
    crush: float = 0.0
    lowpass: float | None = None


CHANGES: Final[tuple[Change, ...]] = (
    Change("light lightweight gentle", pitch=1.22, bright=0.8, soft=0.004),
    Change("heavy weighty massive", pitch=0.72, bright=-1.0, drive=0.9, sub=0.45),
    Change("crisp snappy sharp tight punchy", bright=1.5, snap=0.7),
    Change("soft softly mellow smooth warm", bright=-1.8, soft=0.018),
    Change("airy breathy", bright=0.8, air=0.6, soft=0.006),
    Change("deep low bass bass-heavy subby", pitch=0.66, bright=-1.2, sub=0.6),
    Change("high shrill squeaky", pitch=1.5, bright=0.6),
    Change("small tiny little mini cute", pitch=1.45, bright=0.5),
    Change("big large huge mega giant gigantic", pitch=0.68, drive=0.7, room=0.3, sub=0.3),
    Change("bright sparkling shiny brilliant", bright=1.6),
    Change("dark gloomy ominous", pitch=0.85, bright=-2.0, room=0.2),
    Change("distant far faraway", bright=-1.5, room=0.6, lowpass=2_200),
    Change("muffled underwater behind", lowpass=700),
    Change("echo echoing cave hall cathedral reverb reverberant spacious", room=0.7),
    Change("dramatic cinematic epic", drive=0.4, room=0.4, sub=0.35),
    Change("powerful strong loud hard aggressive brutal", drive=0.9, snap=0.25),
    Change("distorted gritty rough dirty crunchy", drive=2.2),
    Change("retro 8-bit 8bit chiptune arcade pixel", crush=1.0),
    Change("fast quick rapid", pitch=1.12, snap=0.2),
    Change("slow lazy", pitch=0.88),
)
"""Words that change what is heard; all that are found act together."""

NEGATIONS: Final = frozenset({"no", "not", "without", "never", "non"})
"""A word behind one of these is not meant."""
