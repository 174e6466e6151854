"""What the files of the audio edition are called: the builder names them so, and the skill links to them so."""

from skill.topics import Topic


def own(topic: Topic) -> str:
    """What a section is called under its parent: "Surgery"."""
    return topic.title.partition(",")[0]


def title(topic: Topic, parent: Topic | None) -> str:
    """A section's title with its parent's: "Local recurrence - Surgery"."""
    return f"{parent.title} - {own(topic)}" if parent else topic.title


def stem(topic: Topic, parent: Topic | None) -> str:
    """A section's file name without its ending: "03 Local recurrence - Surgery"."""
    return f"{topic.number:02d} {title(topic, parent)}"


def whole(label: str, page_title: str) -> str:
    """The name, without its ending, of every file that holds the whole page. `label` is how all of them begin."""
    return f"{label} - {page_title}"
