"""Charts of a plan, as Plotly figures. Each function draws one."""
