"""The job that makes Kafka's topics, and says who may read and write them, before the services start."""
