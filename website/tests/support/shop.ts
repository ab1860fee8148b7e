import { execFileSync } from 'node:child_process';
import { folder } from './sources';

/** A small shop: a class with a subclass, a flow of several calls, errors, tests, an example and documentation. */
const FILES = {
  'README.md': `# Shop

Takes orders and prices them.

## How an order is priced

An order passes through the register. The register looks each item up in the catalogue and adds the tax.
When the catalogue has no item of that name, the order is refused.
`,
  'shop/__init__.py': '',
  'shop/catalogue.py': `"""The prices of everything on sale."""


class UnknownItem(Exception):
    """No item of this name is on sale."""


def price_of(name):
    """Looks up what an item costs."""
    if name not in PRICES:
        raise UnknownItem(name)
    return PRICES[name]


PRICES = {"tea": 3, "milk": 1}
`,
  'shop/register.py': `"""Adds up orders."""

from shop.catalogue import price_of


class Register:
    """Prices orders, one item after the other."""

    def total(self, order):
        """Adds up the prices of an order and its tax."""
        return self.taxed(sum(price_of(name) for name in order))

    def taxed(self, amount):
        """Adds the tax to an amount."""
        return amount + amount // 10


class ExportRegister(Register):
    """Prices orders that leave the country: without tax."""

    def taxed(self, amount):
        return amount
`,
  'shop/orders.py': `"""Takes orders from customers."""

from shop.register import Register


def take_order(order):
    """Prices an order and writes the receipt."""
    return receipt(Register().total(order))


def receipt(amount):
    """Writes a receipt of an amount."""
    return f"Total: {amount}"
`,
  'examples/tea.py': `from shop.orders import take_order

print(take_order(["tea"]))
`,
  'tests/test_register.py': `from shop.catalogue import price_of
from shop.register import Register


def test_price_of():
    assert price_of("tea") == 3


def test_total():
    assert Register().total(["tea"]) == 3


def test_taxed():
    assert Register().taxed(10) == 11
`
};

/** Builds its pack. */
export function buildShop(program: string, pack: string): void {
  execFileSync(program, ['build', folder('shop', FILES), '-q', '-o', pack, '--no-embeddings'], { stdio: 'pipe' });
}
