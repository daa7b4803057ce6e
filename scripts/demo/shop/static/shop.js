// The demo shop's cart: what is in it lives in localStorage; this file adds, counts and shows it.
"use strict";

const FREE_FROM = 7000;
const CODE = { name: "VARAKA10", share: 0.1, from: 3000 };
const ru = document.documentElement.lang === "ru";
const find = (name, root = document) => root.querySelector(`[data-${name}]`);
const roubles = (sum) => `${String(Math.round(sum)).replace(/\B(?=(\d{3})+$)/g, ru ? "\u00a0" : ",")}\u00a0₽`;

function read() {
  try {
    const lines = JSON.parse(localStorage.getItem("cart") || "[]");
    return Array.isArray(lines) ? lines : [];
  } catch {
    return []; // storage is blocked or holds something foreign: an empty cart is the honest answer
  }
}

function write(lines) {
  try {
    localStorage.setItem("cart", JSON.stringify(lines));
  } catch {
    // blocked storage (private mode): the cart lasts as long as the page
  }
  count(lines);
}

function count(lines) {
  const total = lines.reduce((sum, line) => sum + line.quantity, 0);
  find("count").textContent = total;
  find("count").hidden = total === 0;
}

function add(sku, size) {
  const lines = read();
  const same = lines.find((line) => line.sku === sku && line.size === size);
  if (same) same.quantity = Math.min(same.quantity + 1, 99);
  else lines.push({ sku, size, quantity: 1 });
  write(lines);
  const toast = find("toast");
  toast.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (toast.hidden = true), 4000);
}

function showCart() {
  const { goods, words } = JSON.parse(document.getElementById("goods").textContent);
  let lines = read().filter((line) => goods[line.sku] && line.quantity > 0);
  let code = "";

  function change(line, quantity) {
    line.quantity = Math.min(quantity, 99);
    lines = lines.filter((other) => other.quantity > 0);
    write(lines);
    draw();
  }

  function row(line) {
    const product = goods[line.sku];
    const item = document.getElementById("line").content.cloneNode(true);
    find("night", item).srcset = product.image.replace("/images/", "/images/night/");
    find("image", item).src = product.image;
    find("name", item).textContent = product.name;
    find("name", item).href = product.url;
    find("size", item).textContent = line.size ? `${words.size} ${line.size}` : "";
    find("quantity", item).textContent = line.quantity;
    find("price", item).textContent = roubles(product.price * line.quantity);
    find("less", item).onclick = () => change(line, line.quantity - 1);
    find("more", item).onclick = () => change(line, line.quantity + 1);
    find("remove", item).onclick = () => change(line, 0);
    return item;
  }

  function sum(counts) {
    return lines.filter(counts).reduce((total, line) => total + goods[line.sku].price * line.quantity, 0);
  }

  function draw() {
    const total = sum(() => true);
    const eligible = sum((line) => !goods[line.sku].sale);
    const known = code.trim().toUpperCase() === CODE.name;
    const discount = known && eligible >= CODE.from ? eligible * CODE.share : 0;
    const pay = total - discount;
    find("empty").hidden = lines.length > 0;
    find("full").hidden = lines.length === 0;
    find("lines").replaceChildren(...lines.map(row));
    find("total").textContent = roubles(total);
    find("discount").textContent = `−${roubles(discount)}`;
    find("discount-line").hidden = discount === 0;
    find("pay").textContent = roubles(pay);
    find("free").textContent = pay >= FREE_FROM ? words.free : `${words.left} ${roubles(FREE_FROM - pay)}`;
    find("progress").value = Math.min(pay, FREE_FROM);
    find("promo-note").textContent = code && (discount ? words.good : known ? words.small : words.bad);
  }

  find("promo").onsubmit = (event) => {
    event.preventDefault();
    code = event.target.code.value;
    draw();
  };
  find("checkout").onclick = () => (find("checkout-note").hidden = false);
  draw();
}

for (const form of document.querySelectorAll("[data-add]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(form.dataset.add, new FormData(form).get("size") || "");
  });
}
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
if (find("cart")) showCart();
count(read());
