"""Solutions are on the page, folded, and not in the search index."""

PAGE = """# Page

```{exercise} Find it
:label: ex-find

The question is visibleword.
```

```{solution} ex-find
:class: dropdown

The answer is secretword.
```
"""


def test_search_knows_the_question_but_not_the_answer(mini_book):
    mini_book.write("index.md", PAGE)
    assert mini_book.build() == ""
    index = (mini_book.folder / "out" / "searchindex.js").read_text()
    assert "secretword" in mini_book.html()
    assert "visibleword" in index
    assert "secretword" not in index
