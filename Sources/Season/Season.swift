// Season
