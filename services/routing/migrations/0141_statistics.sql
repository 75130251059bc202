-- Nobody plans by these columns. To take samples of them cost more processor time than all other cleaning together.
ALTER TABLE orders
    ALTER doc SET STATISTICS 0,
    ALTER units SET STATISTICS 0;
ALTER TABLE subject
    ALTER title SET STATISTICS 0,
    ALTER content SET STATISTICS 0,
    ALTER enterprise_name SET STATISTICS 0,
    ALTER credit_code SET STATISTICS 0;
