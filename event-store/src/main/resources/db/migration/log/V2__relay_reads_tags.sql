-- After a restore the relay says anew how the records stand that the undone events were about.
GRANT SELECT ON log.event_tag TO log_relay;
