# Requests that two servers might read differently get nginx's own answer; a body that is refused is counted as nginx counts
# it, and nothing in it becomes a request.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

my $servers = '';
for ([0, 'consent on;', ''], [2, '', ''], [3, 'consent on;', 'ignore_invalid_headers off;'], [4, '', 'ignore_invalid_headers off;']) {
    my ($port, $consent, $more) = @$_;
    $servers .= <<"EOT";
    server {
        listen 127.0.0.1:%%PORT_$port%%;
        $more
        @{[$consent ? '' : 'access_log off; error_log /dev/null;']}
        client_body_timeout 400ms;
        client_header_timeout 400ms;
        lingering_timeout 300ms;
        location / { $consent proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /stream/ { $consent proxy_http_version 1.1; proxy_request_buffering off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT
}

$t->run("    %%CONSENT%%\n$servers", level => 'notice');

my $c = Consent::Test::Canary->new($t, $up);
my $n = "\r\n";
my $GET = "GET /last HTTP/1.1${n}Host: x${n}Connection: close$n$n";

# What came of these bytes: the status of each answer, and what the upstream saw.
sub outcome {
    my ($port, $bytes) = @_;

    $up->clear;
    my $k = $t->connect(port => $port);
    $k->send($bytes);
    my $said = eval { $k->rest } // 'no end';
    $k->close;

    return join(' ', $said =~ m{HTTP/1\.[01] (?!100)(\d+) }g), join(' ', map { $_->uri } $up->requests);
}

# Ways to say two things at once. Whatever nginx makes of them is what is made of them here.
my %strange = (
    'both lengths' => "POST /a HTTP/1.1${n}Host: x${n}Content-Length: 3${n}Transfer-Encoding: chunked$n${n}0$n$n",
    'both lengths, the other way' => "POST /a HTTP/1.1${n}Host: x${n}Transfer-Encoding: chunked${n}Content-Length: 5$n${n}0$n$n",
    'two lengths' => "POST /a HTTP/1.1${n}Host: x${n}Content-Length: 0${n}Content-Length: 30$n$n",
    'two equal lengths' => "POST /a HTTP/1.1${n}Host: x${n}Content-Length: 0${n}Content-Length: 0$n$n",
    (map { ("length $_" => "POST /a HTTP/1.1${n}Host: x${n}Content-Length: $_$n$n") } '+0', '-1', '0x0', '0, 0', '1e1', '٣',
        '99999999999999999999', ''),
    (map { ("coding $_" => "POST /a HTTP/1.1${n}Host: x${n}Transfer-Encoding: $_$n${n}0$n$n") } 'identity', 'xchunked',
        'chunked, chunked', 'gzip, chunked', "\x0bchunked", 'chunked;q=1', '"chunked"'),
    'coding twice' => "POST /a HTTP/1.1${n}Host: x${n}Transfer-Encoding: chunked${n}Transfer-Encoding: identity$n${n}0$n$n",
    'chunked in HTTP/1.0' => "POST /a HTTP/1.0${n}Transfer-Encoding: chunked$n${n}0$n$n",
    'a line that goes on' => "GET /a HTTP/1.1${n}Host: x${n}X-A: 1$n X-Personnummer: " . $c->value('fold') . "$n$n",
    'a line that goes on with a tab' => "GET /a HTTP/1.1${n}Host: x${n}X-A: 1$n\tX-Personnummer: " . $c->value('foldtab') . "$n$n",
    'the first line goes on' => "GET /a HTTP/1.1$n X-Personnummer: " . $c->value('first') . "${n}Host: x$n$n",
    'a space before the colon' => "GET /a HTTP/1.1${n}Host: x${n}X-Personnummer : " . $c->value('space') . "$n$n",
    'NUL in a value' => "GET /a HTTP/1.1${n}Host: x${n}X-A: 1\0X-Personnummer: " . $c->value('nul') . "$n$n",
    'NUL in a name' => "GET /a HTTP/1.1${n}Host: x${n}X-Personnummer\0: " . $c->value('nulname') . "$n$n",
    'NUL in the path' => "GET /a\0?pnr=" . $c->value('nulpath') . " HTTP/1.1${n}Host: x$n$n",
    'a bare CR' => "GET /a HTTP/1.1${n}Host: x${n}X-A: 1\rX-Personnummer: " . $c->value('cr') . "$n$n",
    'a bare CR in a name' => "GET /a HTTP/1.1${n}Host: x${n}X-Person\rnummer: " . $c->value('crname') . "$n$n",
    'bare LF' => "GET /a?pnr=" . $c->value('lf') . " HTTP/1.1\nHost: x\nX-Personnummer: " . $c->value('lfname') . "\n\n",
    'no name' => "GET /a HTTP/1.1${n}Host: x${n}: " . $c->value('noname') . "$n$n",
    'no colon' => "GET /a HTTP/1.1${n}Host: x${n}X-Personnummer " . $c->value('nocolon') . "$n$n",
    'spaces in the line' => "GET /a?b=1 &pnr=" . $c->value('line') . " HTTP/1.1${n}Host: x$n$n",
    'many spaces' => "GET   /a?pnr=" . $c->value('many') . "   HTTP/1.1${n}Host: x$n$n",
    'a tab in the line' => "GET\t/a?pnr=" . $c->value('tab') . "\tHTTP/1.1${n}Host: x$n$n",
    'two hosts' => "GET /a HTTP/1.1${n}Host: x${n}Host: y$n$n",
    'no host' => "GET /a HTTP/1.1$n$n",
    'HTTP/1.2' => "GET /a?pnr=" . $c->value('http12') . " HTTP/1.2${n}Host: x$n$n",
    'HTTP/3.0' => "GET /a HTTP/3.0${n}Host: x$n$n",
    'an odd method' => "G-ET /a HTTP/1.1${n}Host: x$n$n",
    'a method in small letters' => "get /a?pnr=" . $c->value('small') . " HTTP/1.1${n}Host: x$n$n",
    'an authority' => "GET x:80 HTTP/1.1${n}Host: x$n$n",
    'a star' => "OPTIONS * HTTP/1.1${n}Host: x$n$n",
    'CONNECT' => "CONNECT x:80 HTTP/1.1${n}Host: x$n$n",
    'lines before' => "$n$n${n}GET /a?pnr=" . $c->value('before') . " HTTP/1.1${n}Host: x$n$n",
);

my @different;

for my $what (sort keys %strange) {
    for (['', 0, 2], [', invalid names let in', 3, 4]) {
        my ($how, $ours, $bare) = @$_;
        my @got = outcome($ours, $strange{$what} . $GET);
        my @leaks = map { $c->found("$_") } $up->requests;
        my @expected = outcome($bare, $strange{$what} . $GET);

        s/\?\S*//g for $got[1], $expected[1];
        push @different, "$what$how: [@got], not [@expected]" if "@got" ne "@expected";
        push @different, "$what$how: @leaks arrived" if @leaks;
        push @different, "$what$how: no answer" if $got[0] eq '';
    }
}

is_deeply(\@different, [], 'whatever is strange is what nginx makes of it');

# a body that is refused, with another request in it and one behind it

my $inside = "GET /inside?" . $c->value('inside') . " HTTP/1.1${n}Host: x$n$n";
my $len = length $inside;
my $hex = sprintf '%x', $len;
my $chunked = "Transfer-Encoding: chunked$n";

my @bodies = (
    ['a length', "Content-Length: $len$n", $inside],
    ['a chunk', $chunked, "$hex$n$inside${n}0$n$n"],
    ['an extension', $chunked, "$hex;a=b;c=\"d\"$n$inside${n}0;x$n$n"],
    ['zeros before', $chunked, "000000$hex$n$inside${n}0000$n$n"],
    ['capitals', $chunked, uc($hex) . "$n$inside${n}0$n$n"],
    ['trailers', $chunked, "$hex$n$inside${n}0${n}X-Personnummer: 1${n}Consent-Level: forms$n$n"],
    ['bare LF', $chunked, "$hex\n$inside\n0\n\n"],
    ['a byte a chunk', $chunked, join('', map { "1$n$_$n" } split //, $inside) . "0$n$n"],
    ['Expect', "Content-Length: $len${n}Expect: 100-continue$n", $inside]);

for (@bodies) {
    my ($what, $header, $body) = @$_;
    for my $path ('/a', '/stream/') {
        my ($statuses, $arrived) = outcome(0, "POST $path HTTP/1.1${n}Host: x$n$header$n$body$GET");
        is("$statuses, $arrived", '415 200, /last', "$what to $path: refused, then what stands behind it");
    }
}

my @broken = (
    ['a chunk too large to count', $chunked, "ffffffffffffffffff$n$inside"],
    ['a negative chunk', $chunked, "-1$n$inside"],
    ['0x', $chunked, "0x$hex$n$inside${n}0$n$n"],
    ['no digits', $chunked, "$n$inside${n}0$n$n"],
    ['a space before', $chunked, " $hex$n$inside${n}0$n$n"],
    ['more than the chunk', $chunked, sprintf('%x', $len - 5) . "$n$inside${n}0$n$n"],
    ['less than the chunk', $chunked, sprintf('%x', $len + 5) . "$n$inside${n}0$n$n"],
    ['cut off', "Content-Length: 9999$n", $inside],
    ['no last chunk', $chunked, "$hex$n$inside$n"]);

for (@broken) {
    my ($what, $header, $body) = @$_;
    my ($statuses, $arrived) = outcome(0, "POST /a HTTP/1.1${n}Host: x$n$header$n$body$GET");
    like("$statuses, $arrived", qr/^4(?:00|15)(?: 400)?, $/, "$what: refused, and nothing behind it");

    # one that is read

    next if $what eq 'cut off';
    ($statuses, $arrived) = outcome(0, "POST /a HTTP/1.1${n}Host: x${n}Content-Type: text/plain$n$header$n$body$GET");
    like("$statuses, $arrived", qr/^400, $/, "$what: broken, and nothing behind it");
}

is_deeply([grep { !/^access\.log/ } $c->leaks], [], 'no value went anywhere, nor into the log of errors');

done_testing;
