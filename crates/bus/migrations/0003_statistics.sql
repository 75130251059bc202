-- Nobody plans by these columns. To take samples of them cost more processor time than all other cleaning together.
ALTER TABLE outbox
    ALTER partition SET STATISTICS 0,
    ALTER event_id SET STATISTICS 0,
    ALTER type SET STATISTICS 0,
    ALTER root SET STATISTICS 0,
    ALTER occurred_at SET STATISTICS 0,
    ALTER traceparent SET STATISTICS 0,
    ALTER payload SET STATISTICS 0;
ALTER TABLE journal
    ALTER event_id SET STATISTICS 0,
    ALTER type SET STATISTICS 0,
    ALTER root SET STATISTICS 0,
    ALTER occurred_at SET STATISTICS 0,
    ALTER causes SET STATISTICS 0,
    ALTER traceparent SET STATISTICS 0,
    ALTER payload SET STATISTICS 0;
ALTER TABLE audit_waiting
    ALTER at SET STATISTICS 0,
    ALTER subject SET STATISTICS 0,
    ALTER roles SET STATISTICS 0,
    ALTER unit SET STATISTICS 0,
    ALTER method SET STATISTICS 0,
    ALTER root SET STATISTICS 0,
    ALTER what SET STATISTICS 0,
    ALTER outcome SET STATISTICS 0,
    ALTER reason SET STATISTICS 0,
    ALTER address SET STATISTICS 0,
    ALTER trace SET STATISTICS 0;
ALTER TABLE audit
    ALTER roles SET STATISTICS 0,
    ALTER unit SET STATISTICS 0,
    ALTER method SET STATISTICS 0,
    ALTER what SET STATISTICS 0,
    ALTER outcome SET STATISTICS 0,
    ALTER reason SET STATISTICS 0,
    ALTER address SET STATISTICS 0,
    ALTER trace SET STATISTICS 0,
    ALTER prev_hash SET STATISTICS 0,
    ALTER entry_hash SET STATISTICS 0;
