"""From a site to numbers: timeline, demand, weather, derating, prices, as numpy arrays."""
