-- Nobody plans by these columns. To take samples of them cost more processor time than all other cleaning together.
ALTER TABLE clock
    ALTER leg_id SET STATISTICS 0,
    ALTER parent_leg_id SET STATISTICS 0,
    ALTER within SET STATISTICS 0,
    ALTER article SET STATISTICS 0,
    ALTER reminders SET STATISTICS 0,
    ALTER facts SET STATISTICS 0;
