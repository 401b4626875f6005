"""What both checkers say when a rule is broken, and the ledger that keeps them from being swallowed."""

from typing import NoReturn


class BrokenRuleError(AssertionError):
    """A rule of the protocol, or a promise of the middleware, was broken. *rule* names it in one word."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(f"[{rule}] {message}")
        self.rule = rule


def is_by_design(error: BaseException) -> bool:
    """Tell whether an application of the tables raised *error* on purpose."""
    return error.args == ("by design",)


class Ledger:
    """Keeps every violation of one connection.

    A violation is raised where it happens, which is inside the suspect: it may catch what it is thrown. So
    it is also written down, and the driver raises the first one when the connection is over.
    """

    def __init__(self) -> None:
        self.violations: list[BrokenRuleError] = []

    def report(self, rule: str, message: str) -> NoReturn:
        violation = BrokenRuleError(rule, message)
        self.violations.append(violation)
        raise violation

    def note(self, rule: str, message: str) -> None:
        """Write a violation down without raising it: where a raise would hide what comes after."""
        self.violations.append(BrokenRuleError(rule, message))

    def require(self, holds: bool, rule: str, message: str) -> None:
        if not holds:
            self.report(rule, message)

    def settle(self) -> None:
        """Raise the first violation, if there is one."""
        if self.violations:
            raise self.violations[0]
