"""Join classic scripts: the forms that each has in a bundle, and the reasons why one cannot follow those before it.

Joining makes one script of several: declarations are hoisted over all of them, one ``"use strict"`` governs all, and an
exception ends all.

* A script is *isolated* in a block that reports an exception and ends only itself. In a block, ``let``, ``const`` and
  ``class`` would be local to it, and functions would be declared too late: both stand before the block. Where such a
  declaration may throw itself, or comes after what may, the script is the last of its bundle.
* A strict script among sloppy ones is *wrapped* in a strict function.
* The names that a script declares as functions exist from the start of the bundle, and those that it declares by
  ``let``, ``const`` or ``class`` must not be asked for before: no script before it may look them up.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from pressmark.model import Origin
from pressmark.scripts.lookups import Lookups, Sought
from pressmark.scripts.script_analysis import ScriptAnalysis
from pressmark.scripts.strict_wrapping import DIRECTIVE, Cuts, Edit, in_characters
from pressmark.sourcemaps.tracked_text import Part, TrackedText, join_parts
from pressmark.syntax.js_refusals import MAX_NAMES, PARSERS, CostlyScriptError
from pressmark.syntax.js_tree import parse
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, Reason

# An exception that a listener throws is reported at once, like one that no code catches, and ends nothing (DOM 2.9,
# "inner invoke"). reportError(), Event and EventTarget would do it too, but pages have functions of those names; no
# page can replace the document.
REPORT = (
    'catch(e){(function(t,v){v.initEvent("e",false,false);t.addEventListener("e",function(){throw e});'
    't.dispatchEvent(v)})(document.createTextNode(""),document.createEvent("Event"))}'
)
_ASSIGNED = re.compile(r"\.([\w$]+)\s*+=(?!=)")
"""A member that is given a value, maybe of the window."""
_DELETED = re.compile(r"\bdelete(?:Property)?\b([^;]{0,80})")
"""What may be deleted."""
_WORDS = re.compile(r"[\w$]+")
_SPACED = bytes(code if chr(code).isalnum() or chr(code) in "_$" else 32 for code in range(128)) + bytes(
    range(128, 256)
)
"""Turns each ASCII character that is in no word into a space."""


@dataclass(frozen=True)
class Script:
    """A script ready to be joined.

    *text* is that of *origin*, but a hashbang is now a comment as long, and a comment that names a map is gone. One
    that is *trusted* joins where a rule sees no more than a possibility of harm.
    """

    text: str
    origin: Origin
    analysis: ScriptAnalysis
    placement: Placement
    reason: Reason | None
    is_trusted: bool = False

    @property
    def name_count(self) -> int:
        """The number of names that it declares at its top level."""
        return len(self.analysis.functions) + len(self.analysis.variables) + len(self.analysis.lexical)

    @property
    def whole(self) -> TrackedText:
        """The script as it is."""
        return join_parts((Part(self.text, 0),))

    def form(self, *, is_last: bool, is_mixed: bool) -> TrackedText:
        """Return the script as it goes into a bundle; if that *is_mixed*, other scripts of it are sloppy.

        The last one needs no isolation, as none runs after it.
        """
        if is_mixed and self.analysis.edits is not None:
            return self._wrapped(is_isolated=not is_last)
        return (None if is_last else self.isolated) or self.whole

    @property
    def isolated(self) -> TrackedText | None:
        """The script in a block that reports an exception and ends only itself, ``None`` if declarations forbid that.

        A declaration of a function has no effect at its position, and one that surely does not throw has none that
        another statement could notice, so they can stand before the block.
        """
        if self.analysis.cuts is None:
            return None
        functions, body = self._divided(self.analysis.cuts)
        directive = Part(DIRECTIVE if self.analysis.is_strict else "")
        # The line ends keep "-->" a comment, and end one that begins with "//".
        return join_parts((directive, *functions, Part("try{\n"), *body, Part("\n}" + REPORT)))

    def _wrapped(self, *, is_isolated: bool) -> TrackedText:
        """Return the strict script in a strict function, what it declares before that."""
        functions, body = self._divided(self.analysis.cuts or (), self.analysis.edits or ())
        names = f"var {','.join(self.analysis.variables)};" if self.analysis.variables else ""
        start, end = ("try{\n", "\n}" + REPORT) if is_isolated else ("\n", "\n")
        return join_parts(
            (*functions, Part(f"{names}(function(){{{DIRECTIVE}{start}"), *body, Part(f"{end}}}).call(this)"))
        )

    def _divided(self, cuts: Cuts, edits: Sequence[Edit] = ()) -> tuple[list[Part], list[Part]]:
        """Return the functions that *cuts* cut out, and the rest of the script, both with *edits*."""
        changes = list(in_characters(edits, self.text))
        functions: list[Part] = []
        body: list[Part] = []
        position = 0
        for start, end, _ in in_characters(cuts, self.text):
            functions += [*self._edited(start, end, changes), Part("\n")]
            # "a" and "(b)" around it must not become a call.
            body += [*self._edited(position, start, changes), Part(";")]
            position = end
        body += self._edited(position, len(self.text), changes)
        return functions, body

    def _edited(self, start: int, end: int, edits: Sequence[tuple[int, int, str]]) -> Iterator[Part]:
        """Yield the text from *start* to *end* with those of *edits* that lie in it."""
        for first, last, new in edits[bisect_left(edits, start, key=itemgetter(0)) :]:
            if last > end:
                break
            if start <= first:
                yield Part(self.text[start:first], start)
                yield Part(new, first, is_copy=False)
                start = last
        yield Part(self.text[start:end], start)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its text: no name is in it that is none of them, unless it holds escapes."""
        return words_of(self.text)

    def may_delete(self, name: str) -> bool:
        """Tell whether it may delete a member *name* of the window."""
        return name in self._deleted or self.analysis.deletes_any

    @cached_property
    def _deleted(self) -> frozenset[str]:
        return frozenset(_WORDS.findall(" ".join(_DELETED.findall(self.text))))

    @property
    def hides_names(self) -> bool:
        """Tell whether its text may hold names that are none of its words."""
        return "\\u" in self.text


def words_of(text: str) -> frozenset[str]:
    """Return the words of *text*: twice as quick as a search, as most of them are ASCII."""
    spaced = text.encode("utf-8", "surrogatepass").translate(_SPACED).decode("utf-8", "surrogatepass")
    found = frozenset(spaced.split())
    return frozenset(word for each in found for word in ((each,) if each.isascii() else _WORDS.findall(each)))


@dataclass
class JoinedScripts:
    """The scripts of one bundle so far. What all of them look up is kept, so that none is asked for each later one."""

    analyses: Analyses
    is_exact: bool
    scripts: list[Script] = field(default_factory=list)
    _words: set[str] = field(default_factory=set)
    _declared: set[str] = field(default_factory=set)
    _assigned: set[str] = field(default_factory=set)
    _read: int = 0  # so many of the scripts are known by their texts
    _hiding: list[Script] = field(default_factory=list)
    _names: int = 0
    _modes: dict[bool, bool] = field(default_factory=dict)  # strict or not -> whether all of these can be wrapped

    def add(self, script: Script) -> None:
        """Add the next script."""
        self.scripts.append(script)
        self._declared |= script.analysis.declares
        if script.hides_names or self.is_exact:
            self._hiding.append(script)
        self._names += script.name_count
        is_strict = script.analysis.is_strict
        self._modes[is_strict] = self._modes.get(is_strict, True) and script.analysis.edits is not None

    def parts(self, script: Script) -> Reason | None:
        """Return the reason why *script* may not run in one script with those before it, ``None`` if it may."""
        if self._names + script.name_count > MAX_NAMES:
            return Reason(Rule.BUDGET, f"would make a bundle of more than {MAX_NAMES} names")
        return self._mode(script) or self._order(script)

    def _mode(self, script: Script) -> Reason | None:
        is_strict, can_wrap = script.analysis.is_strict, script.analysis.edits is not None
        is_clear = can_wrap or False not in self._modes if is_strict else self._modes.get(True, True)
        if not is_clear:
            mine, its = ("strict", "sloppy") if is_strict else ("sloppy", "strict")
            return Reason(
                Rule.STRICTNESS, f"is {mine} beside scripts that are {its}, and the strict one has no wrapper"
            )
        return None

    def _order(self, script: Script) -> Reason | None:
        last = self.scripts[-1]
        if last.analysis.cuts is None and not (script.is_trusted and last.is_trusted):
            return Reason(Rule.EXCEPTIONS, "comes after a script whose exceptions would end it")
        if not script.is_trusted and (noticed := self._noticed(script)):
            return Reason(Rule.HOISTING, f"declares {_list(noticed)}, which a script before it could find too early")
        if self.is_exact and script.analysis.lexical:
            return Reason(Rule.LEXICAL_NAMES, f"declares {_list(script.analysis.lexical)} by let, const or class")
        if self.is_exact and any(each.analysis.queues for each in self.scripts):
            return Reason(Rule.MICROTASKS, "comes after a script whose promises may have to be kept first")
        return None

    def _noticed(self, script: Script) -> frozenset[str]:
        """Return the names that *script* declares and one so far looks up or makes; if exact, mentions in any way."""
        hoisted = script.analysis.declares if self.is_exact else frozenset(script.analysis.functions)
        lexical = frozenset(script.analysis.lexical)
        if not (hoisted or lexical or script.analysis.variables):
            return lexical
        self._read_texts()
        # The names of one letter that minifiers give to variables and to members are no members of the window.
        made = {name for name in script.analysis.variables if name in self._assigned and (len(name) > 1 or name == "$")}
        deleted = {name for name in made if any(each.may_delete(name) for each in (*self.scripts, script))}
        names = hoisted | lexical | made
        scripts = self._hiding if self._words.isdisjoint(names) else self.scripts
        # A name that one of them declares, too, is there before: which function it is may be noticed at any time.
        sought = Sought(hoisted, lexical, names & self._declared, frozenset(made), frozenset(deleted))
        found = (_noticed_by(sought, each, self.analyses, is_exact=self.is_exact) for each in scripts)
        return frozenset().union(*found)

    def _read_texts(self) -> None:
        """Note the words of the scripts so far, and the members to which they give values."""
        for each in self.scripts[self._read :]:
            self._words |= each.words
            self._assigned.update(_ASSIGNED.findall(each.text))
        self._read = len(self.scripts)


def are_mixed(scripts: Iterable[Script]) -> bool:
    """Tell whether some of *scripts* are strict and some are sloppy."""
    return len({script.analysis.is_strict for script in scripts}) > 1


def _noticed_by(sought: Sought, script: Script, analyses: Analyses, *, is_exact: bool) -> frozenset[str]:
    """Return those of the *sought* names that *script* may notice or, for *is_exact*, mentions in any way."""
    names = sought.all
    # Most scripts do not hold the names at all, unless as escapes.
    if not (script.hides_names or (is_exact and "\\" in script.text)):
        names = names & script.words
    if not names:
        return names
    sought = sought.among(names)
    key = key_of("names 8", PARSERS, str(is_exact), script.text, *sought.to_texts())
    found = analyses.read(key, Noticed)
    if found is None:
        try:
            tree = parse(script.text)
            found = Noticed(sorted(names & tree.mentions() if is_exact else Lookups(tree).find(sought)))
        except CostlyScriptError:
            found = Noticed(sorted(names))
        analyses.write(key, found)
    return frozenset(found.found)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Names that were found in a script."""

    found: Sequence[str]


def _list(names: Collection[str]) -> str:
    shown = sorted(names)[:3]
    return ", ".join(shown) + (" and more" if len(names) > len(shown) else "")
