-- a copy of the database spends nobody's points
UPDATE res_company SET b2b2c_network_url = NULL, b2b2c_network_key = NULL;
