-- a copy of the database tells other systems nothing
UPDATE b2b2c_webhook SET state = 'paused' WHERE state = 'active';
