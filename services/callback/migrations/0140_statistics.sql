-- Nobody plans by these columns. To take samples of them cost more processor time than all other cleaning together.
ALTER TABLE callback
    ALTER public_text SET STATISTICS 0,
    ALTER reason SET STATISTICS 0,
    ALTER verdict_reason SET STATISTICS 0,
    ALTER facts SET STATISTICS 0,
    ALTER more SET STATISTICS 0;
