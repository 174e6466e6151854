"""What is kept of a listener between visits: nothing, until they say yes. Nothing here is loaded where it is off.

`configure` chooses a store from the environment. `Memory` is the seam to it: four questions, each with a time limit.
`Visit` is one request: what the memory adds to it, and what it keeps of its reply. `Kept` is all that is ever kept.

PersistenceException       (the SDK's) a store could not do what it was asked
└── Unavailable            with the reason, which quotes nothing about a listener
Exception
├── Away                   the memory does not answer in time; the listener is answered without it
└── NoMemory               the environment asks for a memory that can't be had; one sentence for the operator
"""

from skill.memory.configure import NoMemory, configured, on_this_machine
from skill.memory.kept import Kept
from skill.memory.keys import Key
from skill.memory.memory import Away, Memory
from skill.memory.store import Store, Unavailable
from skill.memory.visit import Visit

__all__ = [
    "Away",
    "Kept",
    "Key",
    "Memory",
    "NoMemory",
    "Store",
    "Unavailable",
    "Visit",
    "configured",
    "on_this_machine",
]
