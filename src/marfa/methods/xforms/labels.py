"""Texts of a form in a language, with what is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marfa.methods.xforms.choices import label_of_choice
from marfa.methods.xforms.model import FormModel, Question, Translation, Wording
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.xpath import Expression, Focus, UnevaluableError

_NOTHING = Translation()


class FormLabels:
    """The texts of one form. focus: makes the focus of an element."""

    def __init__(self, form: FormModel, focus: Callable[[Node], Focus]) -> None:
        self.form = form
        self.focus = focus

    def words(self, wording: Wording | None, node: Node, language: str = "") -> str:
        """The text around an element; empty where there is none."""
        if wording is None:
            return ""
        return self.words_in(wording, self.focus(node), language)

    def words_in(self, wording: Wording, focus: Focus, language: str) -> str:
        if wording.key is None:
            return _filled(wording.parts, focus)
        return _filled(self._translation(wording.key, focus, language).parts, focus)

    def media(self, wording: Wording, node: Node, language: str = "") -> Mapping[str, str]:
        return self.media_in(wording, self.focus(node), language)

    def media_in(self, wording: Wording, focus: Focus, language: str) -> Mapping[str, str]:
        if wording.key is None:
            return {}
        return self._translation(wording.key, focus, language).media

    def guidance(self, wording: Wording, node: Node, language: str = "") -> str:
        focus = self.focus(node)
        if wording.key is None:
            return ""
        return _filled(self._translation(wording.key, focus, language).guidance, focus)

    def _translation(self, key: Expression, focus: Focus, language: str) -> Translation:
        """The text that a call of ``jr:itext`` names, in the language, or the default one."""
        term = key.term
        argument = getattr(term, "arguments", (None,))[0]
        name = getattr(argument, "value", None)
        if name is None and argument is not None:
            try:
                from marfa.methods.xforms.xpath.compiler import compile_term
                from marfa.methods.xforms.xpath.values import string

                name = string(compile_term(argument)(focus))
            except UnevaluableError:
                return _NOTHING
        return self.entry(str(name), language)

    def entry(self, name: str, language: str) -> Translation:
        wanted = self.form.language(language)
        for tongue in (wanted, self.form.default_language):
            found = self.form.translations.get(tongue, {}).get(name)
            if found is not None and (found.parts or found.media or found.guidance):
                return found
        return _NOTHING

    def text(self, focus: Focus, key: str) -> str:
        """``jr:itext()`` in a calculation."""
        return _filled(self.entry(key, focus.run.around.language).parts, focus)

    def choice_label(self, focus: Focus, node: Node, value: str) -> str:
        """``jr:choice-name()``: the label of a value of the question at an element."""
        question: Question | None = node.spot.question if node.spot is not None else None
        if question is None or question.choices is None:
            return ""
        return label_of_choice(question.choices, self, focus, node, value)

    def choice_label_at(self, focus: Focus, path: str, value: str) -> str:
        from marfa.methods.xforms.xpath import XPathSyntaxError, compile_xpath

        try:
            found = compile_xpath(path).nodes(Focus(focus.run, focus.current))
        except (XPathSyntaxError, UnevaluableError):
            return ""
        return self.choice_label(focus, found[0], value) if found else ""


def _filled(parts: tuple[str | Expression, ...], focus: Focus) -> str:
    found: list[str] = []
    for part in parts:
        if isinstance(part, str):
            found.append(part)
            continue
        try:
            found.append(part.string(focus))
        except UnevaluableError:
            found.append("")
    return "".join(found).strip()
