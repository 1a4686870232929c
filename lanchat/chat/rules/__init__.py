"""What follows from what people do: who hears of it, who may, who comes in and how they leave."""
