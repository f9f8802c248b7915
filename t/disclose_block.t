# consent_ai_unmarkable block: what cannot be marked does not leave; a marked page says so instead.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my %TYPE = (pdf => 'application/pdf', html => 'text/html', json => 'application/json', text => 'text/plain');

my $up = $t->upstream(sub {
    my ($q) = @_;
    my ($what) = $q->uri =~ m{(\w+)$};
    my @headers = ('Content-Type', $TYPE{$what} // 'application/pdf', 'Set-Cookie', 'a=b', 'X-Secret', 'of the machine');

    return { headers => [@headers, 'Cache-Control', 'no-transform'], body => 'secret' } if $q->uri =~ /plain/;
    return { headers => [@headers, 'Content-Encoding', 'br'], body => 'secret' } if $q->uri =~ /coded/;
    return { headers => \@headers, status => 404, reason => 'Not Found', body => 'secret' } if $q->uri =~ /missing/;
    return { headers => [@headers, 'Location', '/x'], status => 302, reason => 'Found', body => '' }
        if $q->uri =~ /moved/;
    return { headers => \@headers, body => $what eq 'html' ? '<!doctype html><body><p>secret' : '{"secret":1}' };
});

$t->keys;
$t->policy;
$t->write('html/static/a.pdf', 'secret');

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        consent_ai_unmarkable block;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /unbuffered/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; proxy_buffering off; }
        location /people/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /header/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; consent_ai_unmarkable header; }
        location /static/ { types { application/pdf pdf; } consent_ai on; }
        location /.privacy/ { consent_pages; }
    }
EOT

for my $uri ('/pdf', '/plain/html', '/coded/html', '/coded/json', '/unbuffered/pdf', '/static/a.pdf') {
    for my $version ('1.1', '1.0', 2) {
        my $r = $t->get($uri, version => $version, $version eq 2 ? (port => 2) : ());
        is($r->status, 502, "$uri: blocked, HTTP/$version");
        unlike($r->raw // '', qr/secret/i, "$uri: nothing of it is passed on");
        unlike($r->body, qr/secret/, "$uri: nor in the body");
        is(scalar(my @a = $r->header('AI-Disclosure')), 1, "$uri: the header says what it was, once");
        is(scalar(my @l = $r->header('Link')), 1, "$uri: and shows the way to a person");
        like($r->text, qr/class="person"/, "$uri: as our page does");
    }
}

for my $uri ('/html', '/json', '/text', '/people/pdf', '/header/pdf', '/missing/pdf') {
    my $r = $t->get($uri);
    is($r->status, $uri =~ /missing/ ? 404 : 200, "$uri: passed on");
    like($r->body, qr/secret/, "$uri: as it is");
}

is($t->get('/moved/pdf')->status, 302, 'a redirect is none of it');
is($t->request('HEAD', '/pdf')->status, 200, 'nor is a header alone');

is($t->get('/pdf')->status, 502, 'again');
$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
unlike($log, qr/"outcome":"headers only: (?:content encoding|no-transform)"/, 'what was blocked is in no entry');
like($log, qr/"kind":"html".*"outcome":"sent"/, 'the page in its place is');

done_testing;
