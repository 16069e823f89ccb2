"""The data desk: staff bring a change, see what it does, and publish it or take it back."""
