-- a copy of the database writes to nobody's phone
UPDATE b2b2c_chat_channel SET state = 'paused', token = NULL;
UPDATE b2b2c_chat_outbox SET state = 'withdrawn', payload = NULL
 WHERE state IN ('waiting', 'sending');
