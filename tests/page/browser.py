"""html5lib's word on a page: which comments it has."""

import html5lib


def comments_of(page: bytes) -> list[str]:
    """Return the comments of *page* in the order of its tree, each without the blanks around it."""
    document = html5lib.parse(page.decode("latin-1"), treebuilder="dom")
    found: list[str] = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if node.nodeType == node.COMMENT_NODE:
            found.append(node.data.strip("\t\n\f\r "))
        waiting += reversed(node.childNodes)
    return found
