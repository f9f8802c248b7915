# Every page as it is written, without the module: in all languages, at several
# sizes, light and dark, by keyboard, without script, and within an operator's
# own page.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Browser;

my $t = Consent::Test->new;
my $root = $Consent::Test::ROOT;
my $build = $Consent::Test::BUILD;
my $render = $t->path('render');

my ($status, $said) = $t->command($ENV{CC} || 'gcc', '-std=c11',
    '-D_GNU_SOURCE', '-g', ($ENV{SANITIZE} ? '-fsanitize=address,undefined' : ()),
    '-I', "$root/src", '-o', $render, "$root/tests/tools/render_page.c",
    "$build/libconsent.a", qw(-ljwt -llmdb -lcrypto -lz -lhs));
is($status, 0, 'the pages can be written') or diag($said);

my $policy = "$root/demo/policy.json";
my $night = 'now=2026-11-21T20:00:00Z';

my @pages = (
    ['choice',   'choice'],
    ['chosen',   'choice', 'state=given', 'say=saved', 'back=/back'],
    ['custom',   'choice', 'state=custom'],
    ['needed',   'choice', 'state=given', 'required=forms'],
    ['kept',     'choice', 'state=given', 'say=policy-changed',
                 'kept=contact,health'],
    ['ask',      'ask'],
    ['unsaved',  'ask', 'say=not-saved'],
    ['record',   'record', 'state=given'],
    ['nothing',  'record'],
    ['gone',     'record', 'unavailable=1'],
    ['receipt',  'receipt', 'past=2'],
    ['expired',  'receipt', 'past=2', 'pending=1', 'by=guardian',
                 'now=2027-11-23T08:31:00Z'],
    ['erase',    'erase'],
    ['wish',     'erase', 'request=1'],
    ['human',    'human'],
    ['closed',   'human', $night],
    ['callback', 'human', 'callback=1', 'say=unreadable', 'contact=x'],
    ['request',  'human', 'callback=1', 'say=taken', 'status=requested'],
    ['policy',   'policy'],
    ['ai',       'ai'],
    ['refused',  'problem', 'problem=body-refused'],
    ['upstream', 'problem', 'problem=upstream', $night],
);

for my $language (qw(sv fi en)) {
    for (@pages) {
        my ($name, @args) = @$_;
        my ($page, @rest) = @args;
        my ($failed, $html) = $t->command($render, $policy, $page, $language,
            @rest);
        die "$name in $language: $html" if $failed;
        utf8::decode($html);
        $t->write("html/$language/$name.html", $html);
    }
}

# An operator's page that knows nothing of dark mode, with looks of its own.

$t->write('shell.html', <<'EOF');
<!doctype html>
<html lang="<!-- consent:language -->"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><!-- consent:title --></title>
<!-- consent:head --><link rel="stylesheet" href="/own.css"></head>
<body><header><h2 id="own">Vår kommun</h2><ul><li><a href="/" id="link">Start</a></li></ul>
<button type="button" id="button">Meny</button></header>
<main><!-- consent:main --></main></body></html>
EOF

$t->write('html/own.css', <<'EOF');
body { margin: 3px; font: 20px/1.3 serif; color: #222; background: #fff; --consent-accent: #7a1f2b }
h2 { margin: 1px; font-size: 31px } ul { padding: 2px } a { color: #00c } button { padding: 4px }
EOF

my ($failed, $html) = $t->command($render, $policy, 'choice', 'sv',
    'shell=' . $t->path('shell.html'));
die $html if $failed;
utf8::decode($html);
$t->write('html/shell.html', $html);
(my $bare = $html) =~ s{<link rel="stylesheet" href="/\.privacy[^>]*>}{};
$t->write('html/bare.html', $bare);

for my $asset (qw(consent.css icon.svg)) {
    open my $f, '<:raw', "$root/src/pages/assets/$asset" or die "$asset: $!\n";
    $t->write("html/.privacy/assets/$asset", do { local $/; <$f> });
}

$t->run(<<'EOF');
    types { text/html html; text/css css; image/svg+xml svg; }
    charset utf-8;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        add_header Content-Security-Policy "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

        location = /.privacy/ {
            return 204;
        }

        location = /favicon.ico {
            return 204;
        }
    }
EOF

browser($t, 'pages.mjs', PAGES => join ' ', map { $_->[0] } @pages);

done_testing;
