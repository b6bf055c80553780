// A browser that comes from Twitch brings no cookie of ours. Opened from here, the same address does.
const query = new URLSearchParams(location.search);
query.set("again", "1");
location.replace(`${location.pathname}?${query}`);
