-- Nobody plans by these columns. To take samples of them cost more processor time than all other cleaning together.
ALTER TABLE leg
    ALTER facts SET STATISTICS 0,
    ALTER enterprise_name SET STATISTICS 0,
    ALTER title SET STATISTICS 0,
    ALTER content SET STATISTICS 0;
ALTER TABLE standing
    ALTER document SET STATISTICS 0;
