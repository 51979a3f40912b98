"""Which rules are in force on a site, with which parameters, and whether they apply.

Everything follows from the Case, so a worker or the verifier finds the same as the solve did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from optmix.data.build import build_case
from optmix.data.rule_table import RuleChoice, RuleTable
from optmix.errors import Problem, SchemaError
from optmix.rules.facts import contradictions, fact_names, facts_given
from optmix.rules.packs import load_pack
from optmix.rules.registry import rules, unknown_rule
from optmix.rules.rule import OF_UNITS, Applicability, Evidence, Params, Rule
from optmix.schema.messages import faults_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optmix.data.case import Case
    from optmix.rules.import_cap import ImportCap
    from optmix.schema.fault import Fault
    from optmix.schema.site import Site

__all__ = [
    "RuleInForce",
    "applying",
    "ids_named",
    "import_caps",
    "ready_case",
    "rules_in_force",
]

SWITCH = ("enabled", "reason")
"""Keys that every rule has beside its parameters."""


@dataclass(frozen=True)
class RuleInForce:
    """A rule of a site.

    Attributes
    ----------
    rule, params
        The rule and its parameters.
    set_by
        Where each parameter comes from: ``default``, ``pack`` or ``site``.
    applicability
        Whether it applies, and why.
    evidence
        Its sources: those of the pack, where it has its own.
    """

    rule: Rule[Any]
    params: Params
    set_by: Mapping[str, str]
    applicability: Applicability
    evidence: tuple[Evidence, ...]

    @property
    def applies(self) -> bool:
        """Whether it applies."""
        return self.applicability.applies


def ready_case(site: Site) -> Case:
    """Return the numbers of a site whose rules are known and whose parameters are valid.

    Raises
    ------
    InputError
        As `optmix.data.build.build_case`, and where a rule or a parameter is unknown or not valid.
    """
    case = build_case(site)
    warnings = [
        f"{each.rule.id}: {each.applicability.warning}"
        for each in rules_in_force(case)
        if each.applicability.warning
    ]
    return replace(case, warnings=(*case.warnings, *warnings))


def rules_in_force(case: Case) -> tuple[RuleInForce, ...]:
    """Return the rules of the pack and those that the site adds, in this order.

    A rule that is switched off stays in the list and does not apply.

    Raises
    ------
    SchemaError
        A rule or a parameter is unknown, or a parameter is not valid; with all of them.
    """
    found, problems = _listed(case)
    if problems:
        raise SchemaError(problems)
    by_id = {each.rule.id: each for each in found}
    return tuple(_after_needs(each, by_id) for each in found)


def applying(case: Case) -> tuple[RuleInForce, ...]:
    """Return the rules that apply to a site."""
    return tuple(each for each in rules_in_force(case) if each.applies)


def import_caps(case: Case) -> dict[str, ImportCap]:
    """Return the caps on import of the rules that apply to a site, by rule."""
    caps = {each.rule.id: each.rule.import_cap(case, each.params) for each in applying(case)}
    return {rule_id: cap for rule_id, cap in caps.items() if cap is not None}


def ids_named(table: RuleTable) -> tuple[str, ...]:
    """Return the ids of the rules that a pack or a site names, whether there are such rules."""
    in_pack = load_pack(table.pack, table.where).parameters_of()
    return tuple(dict.fromkeys((*in_pack, *(choice.id for choice in table.choices))))


def _listed(case: Case) -> tuple[list[RuleInForce], list[Problem]]:
    in_pack = load_pack(case.rules.pack, case.rules.where).parameters_of()
    chosen = {choice.id: choice for choice in case.rules.choices}
    known = [
        (choice, rules()[choice.id].params) for choice in chosen.values() if choice.id in rules()
    ]
    given = facts_given(known)
    facts = {name: values[0][0] for name, values in given.items()}
    found, problems = [], contradictions(given)
    for rule_id in ids_named(case.rules):
        choice = chosen.get(rule_id, RuleChoice(rule_id, {}))
        if rule_id not in rules():
            problems.append(unknown_rule(rule_id, choice.where))
            continue
        made, faulty = _made(case, rules()[rule_id], in_pack.get(rule_id, {}), choice, facts)
        problems += faulty
        found += [made] if made else []
    return found, problems


def _made(
    case: Case,
    rule: Rule[Any],
    of_pack: Mapping[str, Any],
    choice: RuleChoice,
    facts: Mapping[str, Any],
) -> tuple[RuleInForce | None, list[Problem]]:
    elsewhere = {key: facts[key] for key in fact_names(rule.params) & set(facts)}
    here = {key: value for key, value in choice.parameters.items() if key not in SWITCH}
    own = {**elsewhere, **here}
    problems = _faults_of_switch(choice)
    values = {**of_pack, **own}
    try:
        params = rule.params.model_validate(values)
    except ValidationError as error:
        # What is wrong with a fact is told where it is given.
        faults = faults_of(error, rule.params, values)
        return None, problems + [
            _problem(fault, choice)
            for fault in faults
            if fault.location[0] not in set(own) - set(here)
        ]
    problems += [_problem(fault, choice) for fault in rule.faults(params)]
    problems += _unknown_units(case, params, choice)
    if problems:
        return None, problems
    set_by = {
        key: "site" if key in own else "pack" if key in of_pack else "default"
        for key in rule.params.model_fields
    }
    evidence = load_pack(case.rules.pack).evidence_of(rule)
    applicability = _applicability(case, rule, params, choice)
    return RuleInForce(rule, params, set_by, applicability, evidence), []


def _problem(fault: Fault, choice: RuleChoice) -> Problem:
    where = choice.where_of.get(str(fault.location[0]), choice.where)
    return Problem(fault.what, where, fault.allowed, fault.hint)


def _unknown_units(case: Case, params: Params, choice: RuleChoice) -> list[Problem]:
    """Check that the site has the units that parameters name: a slip would switch a rule off."""
    known = [unit.name for unit in case.units]
    return [
        Problem(
            f'{key} names "{name}", which the site has not',
            choice.where_of.get(key, choice.where),
            ", ".join(known) or "nothing: the site has no units",
            "a name is written as under [[unit]]",
        )
        for key, field in type(params).model_fields.items()
        if OF_UNITS in field.metadata
        for name in getattr(params, key)
        if name not in known
    ]


def _applicability(
    case: Case, rule: Rule[Any], params: Params, choice: RuleChoice
) -> Applicability:
    if choice.parameters.get("enabled", True) is False:
        return Applicability.no(f"switched off: {choice.parameters['reason']}")
    return rule.applies(case, params)


def _faults_of_switch(choice: RuleChoice) -> list[Problem]:
    """Check ``enabled`` and ``reason``, which go together."""
    enabled, reason = choice.parameters.get("enabled", True), choice.parameters.get("reason", "")
    where = {key: choice.where_of.get(key, choice.where) for key in SWITCH}
    hint = 'write enabled = false and reason = "…", which the result repeats'
    if not isinstance(enabled, bool):
        return [Problem("enabled is neither true nor false", where["enabled"], "true, false", hint)]
    if not isinstance(reason, str):
        return [Problem("reason is no text", where["reason"], "text in quotes", hint)]
    if not enabled and not reason.strip():
        what = f'the rule "{choice.id}" is switched off without a reason'
        return [Problem(what, where["enabled"], "enabled = false beside a reason", hint)]
    return []


def _after_needs(each: RuleInForce, by_id: Mapping[str, RuleInForce]) -> RuleInForce:
    """Let a rule not apply where one that it is a consequence of does not."""
    if not each.applies:
        return each
    for needed in each.rule.needs:
        gate = by_id.get(needed)
        if gate is not None and not gate.applies and not _is_off(gate):
            reason = f"{needed} does not apply: {gate.applicability.reason}"
            return replace(each, applicability=Applicability.no(reason))
    return each


def _is_off(each: RuleInForce) -> bool:
    return each.applicability.reason.startswith("switched off: ")
