"""What signs of followers keep out is nothing: compared at every look-up of a test."""

from unittest.mock import patch


class SignsCommon:
    """Looks up what follows a sale twice: where a sign is true, and everywhere."""

    def setUp(self):
        super().setUp()
        goods = self.registry["b2b2c.same.goods"]
        find = goods._find_followers

        def select_all(model, name, ids):
            numbers = sorted(model._get_numbers(name, ids))
            followers = model._select_followers(name, ids, numbers) if ids else []
            return [query for _sign, query in followers]

        def compare(model, name, ids):
            found = find(model, name, ids)
            with patch.object(goods, "_select_signed", select_all):
                self.assertEqual(find(model, name, ids), found)
            return found

        self.patch(goods, "_find_followers", compare)
