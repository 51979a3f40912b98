"""Why a plan looks as it does, why there is none, and what each rule and limit costs."""
