# An error page that takes the place of a request that nginx could not read gets no more than the log: not what stood in
# its line, nor in the headers that had been read by then.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'sorry' });

$t->keys;
$t->policy;

my $set = 'proxy_set_header X-Line $request; proxy_set_header X-Uri $request_uri; proxy_set_header X-Args $args;';

$t->run("%%CONSENT%%\nlog_format all '\$request|\$request_uri|\$uri|\$args|\$http_referer|\$http_cookie|\$status';\naccess_log %%DIR%%/access.log all;\n"
    . join("\n", map { <<"EOT" } [0, '/sorry'], [2, '@sorry'], [3, '/off']), level => 'notice');
    server {
        listen 127.0.0.1:%%PORT_$_->[0]%%;
        client_max_body_size 1k;
        error_page 400 405 413 414 494 501 505 = $_->[1];
        large_client_header_buffers 2 4k;
        location / { consent on; $set proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location \@sorry { consent on; $set proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off { consent on; $set proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;

sub v { return $c->value('v' . $n++) }

my $rest = sub { " HTTP/1.1\nHost: x\nConnection: close\nReferer: http://x/person/" . v() . "\nCookie: a=1; pnr=" . v() };

for my $port (0, 2, 3) {
    for (
        ["GET /person%u002f" . v() . $rest->() . "\n\n", 'an escape that is none'],
        ["GET /person/" . v() . "%00" . $rest->() . "\n\n", 'NUL'],
        ["GET /x?pnr=" . v() . " HTTP/x\n\n", 'a version that is none'],
        ["GET /x?pnr=" . v() . " HTTP/9.1\n\n", 'a version that is not known'],
        ["GET /x?a=1&pnr=" . v() . $rest->() . "\nHost: y\n\n", 'two hosts'],
        ["GET /x?a=1&pnr=" . v() . $rest->() . "\nX-Personnummer: " . v() . "\nBad\0: x\n\n", 'a header that is none'],
        ["GET /x?pnr=" . v() . 'x' x 5000 . $rest->() . "\n\n", 'a line that is too long'],
        ["GET /x?pnr=" . v() . $rest->() . "\nX-Personnummer: " . v() . 'x' x 5000 . "\n\n", 'a header that is too long'],
        ["POST /x?pnr=" . v() . $rest->() . "\nTransfer-Encoding: x\n\n", 'an encoding that is not known'],
        ["TRACE /x?pnr=" . v() . $rest->() . "\n\n", 'TRACE'],
        ["POST /x?pnr=" . v() . $rest->() . "\nContent-Length: 2000\n\n" . v() . 'x' x 2000, 'a body that is too long'],
        ["GET /person/" . v() . $rest->() . "\nHost: y\n\n", 'a path'])
    {
        my ($bytes, $what) = @$_;

        # nginx does not send on what has no URI to a named location, and says so with the line as it came
        next if $port == 2 && $what =~ /NUL|escape|version|line/;

        my ($head, $body) = split /\n\n/, $bytes, 2;
        $head =~ s/\n/\r\n/g;

        my $r = $t->http("$head\r\n\r\n$body", port => $port);
        ok($r->status, "$what: " . $r->status);
    }
}

ok(scalar $up->requests, 'the error pages were asked');
$t->quit;
is_deeply([$c->leaks], [], 'no value went to them, nor into a log');

done_testing;
