"""Mail that reminds people of clocks, each step of each clock once to each of them."""
