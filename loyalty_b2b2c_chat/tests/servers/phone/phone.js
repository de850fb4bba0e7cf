"use strict";

/** What the page knows: who is shown, and what was drawn last. */
const page = { people: [], person: null, seen: 0, bot: null, round: 0 };
const find = (id) => document.getElementById(id);
const payload = new URLSearchParams(location.search).get("start");

/** Make an element with properties and children; texts stay texts. */
function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
}

async function post(path, body, type = "application/json") {
    const isJson = type === "application/json";
    const answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": type || "application/octet-stream" },
        body: isJson ? JSON.stringify(body) : body,
    });
    const told = await answer.json();
    if (told.error) {
        alert(told.error);
    }
    return told;
}

const act = (deed, values = {}) => post(`/phone/do/${page.person.id}`, { deed, ...values });

/** Send a picture or a file of this computer. */
async function send(file, kind) {
    const name = encodeURIComponent(file.name || "photo.jpg");
    await post(`/phone/send/${page.person.id}?kind=${kind}&name=${name}`, file, file.type);
}

// === DRAWING ===

/** Turn addresses in a text into links. */
function drawText(text) {
    const parts = text.split(/(https?:\/\/[^\s]+)/);
    return make(
        "p",
        {},
        ...parts.map((part, place) =>
            place % 2 ? make("a", { href: part, target: "_blank", rel: "noopener" }, part) : part
        )
    );
}

function drawFile(message) {
    const file = message.document || message.video;
    const size = file.file_size;
    const shown = size < 1000 ? `${size} B` : `${Math.round(size / 1000)} kB`;
    return make(
        "a",
        { className: "file", href: `/phone/file/${file.file_id}`, target: "_blank" },
        make("i", {}, message.video ? "▶" : "↓"),
        make("span", {}, file.file_name || "File", make("small", {}, shown))
    );
}

function drawContent(message) {
    const parts = [];
    if (message.photo) {
        const photo = message.photo[message.photo.length - 1];
        parts.push(make("img", { src: `/phone/file/${photo.file_id}`, alt: "Picture" }));
    }
    if (message.document || message.video) {
        parts.push(drawFile(message));
    }
    if (message.sticker) {
        parts.push(make("p", { className: "big" }, message.sticker.emoji));
    }
    if (message.location) {
        const { latitude, longitude } = message.location;
        parts.push(make("p", {}, `📍 ${latitude}, ${longitude}`));
    }
    if (message.contact) {
        const { first_name: name, phone_number: number } = message.contact;
        parts.push(make("p", {}, `👤 ${name}\n+${number}`));
    }
    const text = message.text || message.caption;
    if (text) {
        parts.push(drawText(text));
    }
    return parts;
}

function drawButton(button, message) {
    const url = button.url || (button.web_app && button.web_app.url);
    if (url) {
        return make("a", { href: url, target: "_blank", rel: "noopener" }, button.text);
    }
    const element = make("button", { type: "button" }, button.text);
    element.onclick = () => {
        element.classList.add("pressed");
        act("press", { data: button.callback_data, message: message.message_id });
    };
    return element;
}

function drawMessage(message) {
    const at = new Date(message.date * 1000);
    const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const bubble = make(
        "div",
        { className: "bubble" },
        ...drawContent(message),
        make("time", {}, message.edit_date ? `edited ${time}` : time)
    );
    const rows = (message.reply_markup && message.reply_markup.inline_keyboard) || [];
    const buttons = rows.map((row) =>
        make("div", {}, ...row.map((button) => drawButton(button, message)))
    );
    return make(
        "div",
        { className: message.is_ours ? "message" : "message own" },
        bubble,
        buttons.length ? make("div", { className: "buttons" }, ...buttons) : null
    );
}

/** Show the messenger's own button that shares the phone number, while it is asked for. */
function drawKeys(messages) {
    const last = messages[messages.length - 1];
    const rows = last && last.is_ours && last.reply_markup && last.reply_markup.keyboard;
    find("keys").hidden = !rows;
    if (rows) {
        const key = make("button", { type: "button" }, rows[0][0].text);
        key.onclick = () => act("contact");
        find("keys").replaceChildren(key);
    }
}

/** Show the last short message as phones do: above everything, until it is tapped. */
function drawNotice(notices) {
    const notice = find("notice");
    const text = notices[notices.length - 1];
    if (text && notice.dataset.count !== `${page.person.id} ${notices.length}`) {
        notice.dataset.count = `${page.person.id} ${notices.length}`;
        notice.replaceChildren(make("b", {}, "SMS"), drawText(text));
        notice.hidden = false;
    } else if (!text) {
        notice.hidden = true;
    }
}

function drawChat(told) {
    const { messages } = told;
    const talk = find("talk");
    const empty = make("p", { className: "empty" }, "No messages yet. Press START to open the chat.");
    const last = messages[messages.length - 1];
    const isAnswered = !last || last.is_ours;
    talk.replaceChildren(
        ...(messages.length ? messages.map(drawMessage) : [empty]),
        ...(isAnswered || told.blocked ? [] : [make("div", { className: "dots" }, "…")])
    );
    talk.querySelectorAll("img").forEach((image) => {
        image.onload = () => (talk.scrollTop = talk.scrollHeight);
    });
    talk.scrollTop = talk.scrollHeight;
    drawKeys(messages);
    drawNotice(told.notices);
    find("start").hidden = Boolean(messages.length) && !page.payload;
    find("write").hidden = !find("start").hidden;
    find("block").hidden = told.blocked;
    find("unblock").hidden = !told.blocked;
    find("status").textContent = told.blocked ? "blocked" : told.waits ? "sending…" : "bot";
    if (told.waits && told.problem) {
        find("status").textContent = told.problem;
    }
}

function drawPeople() {
    find("people").replaceChildren(
        ...page.people.map((person) => {
            const isShown = page.person && person.id === page.person.id;
            const button = make("button", { type: "button" }, person.name, make("small", {}, person.phone));
            button.setAttribute("aria-pressed", String(Boolean(isShown)));
            button.onclick = () => show(person);
            return make("li", {}, button);
        })
    );
}

function drawDesk(about) {
    page.bot = about.bot;
    page.people = about.people;
    find("bot").textContent = about.bot.first_name;
    find("avatar").textContent = about.bot.first_name[0];
    find("hints").replaceChildren(...about.hints.map((hint) => make("li", {}, drawText(hint))));
    find("samples-part").hidden = !about.samples.length;
    find("samples").replaceChildren(
        ...about.samples.map((name, place) => {
            const path = `/phone/sample/${place}`;
            const button = make("button", { type: "button", title: "Send it" }, make("img", { src: path, alt: "" }), name);
            button.onclick = async () => {
                const blob = await (await fetch(path)).blob();
                send(new File([blob], `${name}.png`, { type: blob.type }), "photo");
            };
            return button;
        })
    );
}

// === WHO IS SHOWN, AND WHAT IS NEW ===

function show(person) {
    page.person = person;
    page.seen = 0;
    page.round += 1;
    localStorage.setItem("person", person.id);
    drawPeople();
    follow(page.round);
}

/** Ask for what is new in the chat that is shown, again and again. */
async function follow(round) {
    while (round === page.round) {
        try {
            const answer = await fetch(`/phone/chat/${page.person.id}/${page.seen}`);
            const told = await answer.json();
            if (round === page.round && told.seen !== page.seen) {
                page.seen = told.seen;
                drawChat(told);
            }
        } catch {
            find("status").textContent = "no connection";
            await new Promise((resolve) => setTimeout(resolve, 1000));
        }
    }
}

// === WHAT CAN BE DONE ===

function toggle(menu, isShown) {
    for (const other of document.querySelectorAll(".sheet")) {
        other.hidden = other !== menu || !isShown;
    }
}

for (const [button, menu] of [["more", "more-menu"], ["attach", "attach-menu"]]) {
    find(button).onclick = (event) => {
        event.stopPropagation();
        toggle(find(menu), find(menu).hidden);
    };
}
document.addEventListener("click", () => toggle(null, false));
find("notice").onclick = () => (find("notice").hidden = true);
document.querySelectorAll("[data-deed]").forEach((button) => {
    button.onclick = () => act(button.dataset.deed);
});
document.querySelectorAll("input[type=file]").forEach((input) => {
    input.onchange = () => {
        for (const file of input.files) {
            send(file, input.dataset.kind);
        }
        input.value = "";
    };
});
find("start").onclick = () => {
    const values = page.payload ? { payload: page.payload } : {};
    page.payload = "";
    find("start").hidden = true;
    find("write").hidden = false;
    history.replaceState(null, "", "/");
    act("start", values);
};
find("write").onsubmit = (event) => {
    event.preventDefault();
    const text = find("text").value.trim();
    find("text").value = "";
    if (text) {
        act("write", { text });
    }
};
find("new-person").onsubmit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const person = await post("/phone/people", Object.fromEntries(new FormData(form)));
    if (person.id) {
        page.people.push(person);
        form.reset();
        show(person);
    }
};

(async () => {
    page.payload = payload || "";
    drawDesk(await (await fetch("/phone/about")).json());
    const known = Number(localStorage.getItem("person"));
    show(page.people.find((person) => person.id === known) || page.people[0]);
})();
