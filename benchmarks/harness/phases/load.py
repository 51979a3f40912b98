"""Load: from the site's files to a checked Site."""

from harness.registry import Phase, register

from optmix.schema.load import load_site

register(Phase("load", order=1, run=lambda subject: load_site(subject.path)))
