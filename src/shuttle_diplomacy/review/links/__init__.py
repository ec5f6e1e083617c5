"""Whether the addresses in a package's tables still lead anywhere: politely asked, remembered, and told apart."""
