"""What other systems tell us of people's judgement."""
