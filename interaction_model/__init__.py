"""What a person may say: hand-written phrases → the skill package that the ASK CLI deploys."""
