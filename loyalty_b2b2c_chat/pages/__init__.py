"""What the portal shows of chats, as the pages of the portal."""
