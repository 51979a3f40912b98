"""What a site says about rules: its pack and its choices, as plain data that travels with a Case.

Which rules there are and what they mean is known in `optmix.rules` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.schema.site import Site
    from optmix.schema.targets import Parameter

__all__ = ["RuleChoice", "RuleTable", "rule_table"]


@dataclass(frozen=True)
class RuleChoice:
    """The table of one rule in a site.

    Attributes
    ----------
    id
        Id of the rule, which need not exist.
    parameters
        What the site sets, by name.
    where
        Where the table stands.
    where_of
        Where each parameter stands, by name.
    """

    id: str
    parameters: Mapping[str, Parameter]
    where: str = ""
    where_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleTable:
    """The table ``[rules]`` of a site.

    Attributes
    ----------
    pack
        Name of the rule pack.
    choices
        The tables of single rules, in the order of the site.
    where
        Where the pack is named.
    """

    pack: str = "none"
    choices: tuple[RuleChoice, ...] = ()
    where: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no rule can be in force."""
        return self.pack == "none" and not self.choices


def rule_table(site: Site) -> RuleTable:
    """Return what a site says about rules."""
    where = site.origin.where
    return RuleTable(
        pack=site.rules.pack,
        where=where("rules", "pack"),
        choices=tuple(
            RuleChoice(
                id=name,
                parameters=dict(parameters),
                where=where("rules", name),
                where_of={key: where("rules", name, key) for key in parameters},
            )
            for name, parameters in (site.rules.model_extra or {}).items()
        ),
    )
