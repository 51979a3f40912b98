"""Rules of the Electric Reliability Council of Texas on connected loads."""
