-- Nobody plans by these columns. To take samples of them cost more processor time than all other cleaning together.
ALTER TABLE appeal
    ALTER request_digest SET STATISTICS 0,
    ALTER title SET STATISTICS 0,
    ALTER content SET STATISTICS 0,
    ALTER enterprise_name SET STATISTICS 0,
    ALTER enterprise_code SET STATISTICS 0,
    ALTER policy_id SET STATISTICS 0,
    ALTER policy_version SET STATISTICS 0,
    ALTER registered_by SET STATISTICS 0,
    ALTER line SET STATISTICS 0,
    ALTER seat SET STATISTICS 0;
ALTER TABLE appellant
    ALTER name SET STATISTICS 0,
    ALTER telephone SET STATISTICS 0,
    ALTER identity_number SET STATISTICS 0,
    ALTER address SET STATISTICS 0,
    ALTER incident_place SET STATISTICS 0,
    ALTER original_title SET STATISTICS 0,
    ALTER original_content SET STATISTICS 0;
ALTER TABLE timeline
    ALTER at SET STATISTICS 0,
    ALTER type SET STATISTICS 0,
    ALTER text SET STATISTICS 0,
    ALTER text_en SET STATISTICS 0,
    ALTER public_text SET STATISTICS 0,
    ALTER public_text_en SET STATISTICS 0,
    ALTER actor SET STATISTICS 0,
    ALTER article SET STATISTICS 0;
